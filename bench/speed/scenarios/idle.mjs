/** People who are connected and say nothing: their memory, and what heartbeats cost. Which store a peer has makes no difference. */
import { pause } from "../../../local/src/test/faults/program.mjs";
import { between, residentBytes } from "../machine.mjs";

export const idle = {
  name: "idle",
  systems: ["cove", "peer-pg"],

  async measure(lab, system) {
    const samples = [];
    for (const connections of lab.plan.idle.connections) {
      const possible = Math.min(connections, Math.floor(lab.mostConnections / 1_000) * 1_000);
      if (possible < connections) samples.push({ what: "skipped", connections, reason: reason(lab, connections, possible) });
      samples.push(await stay(lab, system, possible));
    }
    return samples;
  },
};

const number = (count) => count.toLocaleString("en-US");
const reason = (lab, connections, possible) =>
  `${number(connections)} connections are as many open files of one process, and this machine allows it ${number(lab.files)} (ulimit -Hn): measured with ${number(possible)} instead`;

async function stay(lab, system, connections) {
  const { idle: { settle, seconds }, storm: { together } } = lab.plan;
  const database = await lab.talkers(system, Math.ceil(connections / 2), 2);
  return lab.serve(system, database, async (server) => {
    // What comes with the first connections is none of each one's.
    await lab.generator.run("storm", { port: server.port, connections: Math.min(200, connections), together });
    const empty = memoryOf(server);
    let [full, used] = [];
    const result = await lab.generator.run("idle", { port: server.port, connections, together }, {
      connected: async (pid) => {
        await pause(settle * 1_000);
        const before = lab.meters(server, pid);
        const profiled = lab.profile(server, "idle");
        await pause(seconds * 1_000);
        profiled();
        used = between(before, lab.meters(server, pid));
        full = memoryOf(server);
        return true;
      },
    });
    return { what: "idle", connections, ...result, ...used, ...each(empty, full, connections) };
  });
}

/** Of a JVM what is in use after a collection, wherever that is; V8 collects when it wants. */
const memoryOf = (server) => server.bytesInUse?.() ?? residentBytes(server.child.pid);

const each = (empty, full, connections) => ({ memory: full, memoryEach: (full - empty) / connections });
