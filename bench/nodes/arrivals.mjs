/**
 * `make bench-arrivals`: PEOPLE (10,000) come to two socket servers as fast as they are let in, each with 118 contacts, while others
 * chat: what presence costs then, and whether the others notice. Prints a table.
 */
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pause } from "../../local/src/test/faults/program.mjs";
import { Cluster } from "./cluster.mjs";
import { Load } from "./load.mjs";
import { cpuOf, hintsOf } from "./meters.mjs";
import { peopleOf, sqlOf } from "./people.mjs";
import { run } from "./run.mjs";

const TARGET = fileURLToPath(new URL("../target/arrivals", import.meta.url));
const PEOPLE = Number(process.env.PEOPLE || 10_000);
const CHATTERS = 20;
const RATE = 20;
const CALM_MS = 10_000;
const AT_ONCE = 100;
/** Presence waits behind everything else: only then nobody is told any more. */
const SILENCE_MS = 5_000;
const WATCHDOG_MS = 10 * 60_000;

async function arrivals() {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  const people = peopleOf("arrive", 0, PEOPLE, [20, 100]);
  const chatters = peopleOf("chat", 50_000, CHATTERS, [CHATTERS]);
  const cluster = new Cluster(TARGET, "-XX:+UseSerialGC -Xmx1g");
  cluster.settings = { SOCKET_MAX_CONNECTIONS_PER_ADDRESS: 100_000 };
  await cluster.start(2, [people, chatters].map(sqlOf).join(";"));
  const load = new Load();
  const place = (i) => i % 2;
  const talking = await cluster.connect(chatters.users, place, (number) => load.heard(number));
  const chat = load.paced([{ threadId: chatters.groups[CHATTERS][0].threadId, members: talking }], RATE);
  await pause(CALM_MS);
  load.reset();
  await pause(CALM_MS);
  const calm = quantiles(load.latencies);

  load.reset();
  const before = await totals(cluster);
  const began = performance.now();
  const clients = await cluster.arrive(people.users, place, () => {}, AT_ONCE);
  const connected = performance.now() - began;
  await cluster.quiet(clients, SILENCE_MS);
  const after = await totals(cluster);
  const busy = quantiles(load.latencies);
  chat.stop();

  const told = clients.reduce((sum, { packets }) => sum + packets - 2, 0);
  const pairs = (PEOPLE * 118) / 2;
  console.log(`${PEOPLE} people came within ${(connected / 1000).toFixed(1)} s; all were told after ${((performance.now() - began - SILENCE_MS) / 1000).toFixed(1)} s`);
  console.log(`user_online: ${told}, ${(told / (2 * pairs)).toFixed(2)} for each contact of each who came (one is needed)`);
  console.log(`hints between nodes: ${after.sent - before.sent}, ${((after.sent - before.sent) / PEOPLE).toFixed(3)} for each who came; dropped ${after.dropped - before.dropped}`);
  console.log(`Redis: ${after.commands - before.commands} commands, ${(after.redis - before.redis).toFixed(2)} s of CPU; servers ${(after.cpu - before.cpu).toFixed(1)} s of CPU`);
  console.log(`messages of others meanwhile: p50 ${(busy.p50 / calm.p50).toFixed(1)} times, p99 ${(busy.p99 / calm.p99).toFixed(1)} times that of before`);
  clients.forEach((client) => client.close());
  talking.forEach((client) => client.close());
  await cluster.stop();
}

function quantiles(latencies) {
  const sorted = [...latencies].sort((a, b) => a - b);
  return { p50: sorted[Math.floor(sorted.length / 2)], p99: sorted[Math.floor(sorted.length * 0.99)] };
}

async function totals({ nodes, meter }) {
  const hints = await Promise.all(nodes.map((node) => hintsOf(node.settings.INTERNAL_PORT)));
  const redis = await meter.read();
  return {
    sent: hints.reduce((sum, { sent }) => sum + sent, 0),
    dropped: hints.reduce((sum, { dropped }) => sum + dropped, 0),
    commands: redis.commands,
    redis: redis.cpu,
    cpu: nodes.reduce((sum, node) => sum + cpuOf(node.child.pid), 0),
  };
}

await run(arrivals, WATCHDOG_MS);
