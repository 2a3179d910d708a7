/** People who are connected and say nothing: their memory, and what heartbeats cost. Which store a peer has makes no difference. */
import { pause } from "../../../local/src/test/faults/program.mjs";
import { between, residentBytes } from "../machine.mjs";

/** After everybody came, for what follows an arrival. */
const REST_MS = 2_000;

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
  const { idle: { seconds }, storm: { together } } = lab.plan;
  const database = await lab.talkers(system, Math.ceil(connections / 2), 2);
  return lab.serve(system, database, async (server) => {
    // What comes with the first connections is none of each one's.
    await lab.generator.run("storm", { port: server.port, connections: Math.min(200, connections), together });
    const empty = memoryOf(server);
    let [full, used] = [];
    const result = await lab.generator.run("idle", { port: server.port, connections, together }, {
      connected: async (pid) => {
        await pause(lab.quick ? 0 : REST_MS);
        const before = lab.meters(server, pid);
        await pause(seconds * 1_000);
        used = between(before, lab.meters(server, pid));
        full = memoryOf(server);
        return true;
      },
    });
    return { what: "idle", connections, ...result, ...used, ...each(empty, full, connections) };
  });
}

/** Of a JVM after a collection, which leaves it what is in use; V8 collects when it wants. */
function memoryOf(server) {
  const live = server.liveBytes?.();
  return { resident: residentBytes(server.child.pid), live };
}

const each = (empty, full, connections) => ({
  resident: full.resident,
  residentEach: (full.resident - empty.resident) / connections,
  ...(full.live === undefined ? {} : { liveEach: (full.live - empty.live) / connections }),
});
