/** What lies below all systems: frames through a bare websocket server, and rows into PostgreSQL. */
import { launch } from "../../../local/src/test/faults/program.mjs";
import { limit } from "../limit.mjs";
import { move, OTHER_CORE, pinned, SERVER_CORE } from "../machine.mjs";
import { seed } from "../seed.mjs";

export const limits = {
  name: "limits",
  systems: ["echo"],

  async measure(lab) {
    return [await echo(lab), ...(await inserts(lab))];
  },
};

async function echo(lab) {
  const { connections, window, seconds } = lab.plan.limits;
  const [port] = lab.ports;
  const [command, ...parameters] = [...pinned(SERVER_CORE), ...lab.programs.echo, String(port)];
  let child;
  await new Promise((resolve, reject) => {
    child = launch(command, parameters, { log: `${lab.folder}/echo.out`, heard: (text) => /listening/.test(text) && resolve() });
    child.ended.then((code) => reject(new Error(`the echo ended with ${code}`)));
  });
  const measured = await lab.measure({ child, port }, "echo", { connections, window, seconds, warmup: lab.warmUp("node") });
  child.kill("SIGKILL");
  await child.ended;
  return { what: "echo", connections, ...measured };
}

/** Into our table of messages, from the core where the server would be. */
async function inserts(lab) {
  const { batches, writers, seconds, threads, messagesEach } = lab.plan.limits.inserts;
  const database = await lab.database("cove", "limit", (session, schema) => seed(session, { schema, threads, messagesEach }));
  const before = lab.meters();
  move(SERVER_CORE);
  const { points } = await limit({ port: lab.postgres.port, pid: lab.postgres.child.pid, database, peerHome: lab.peerHome, seconds, batches, connections: [writers] });
  move(OTHER_CORE);
  const { others, stolen, disturbed } = lab.others(before);
  return points.map((point) => ({ what: "inserts", ...point, others, stolen, disturbed }));
}
