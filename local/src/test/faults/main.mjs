/**
 * `make faults`: writers and readers with real clients against the separately started parts, while faults come from a seed;
 * then everything is read back and judged. Exit code 1 on any violation, 2 where the run itself failed.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tokensOf } from "../clients/tokens.mjs";
import { Poller, SocketApp } from "./app.mjs";
import { Faults } from "./faults.mjs";
import { History } from "./history.mjs";
import { judge, requirementsOf } from "./judge.mjs";
import { killAll, pause } from "./program.mjs";
import { anySeed, Random } from "./random.mjs";
import { ReadBack } from "./readback.mjs";
import { reportOf, textOf } from "./report.mjs";
import { Rest } from "./rest.mjs";
import { schedule } from "./schedule.mjs";
import { settingsOf } from "./settings.mjs";
import { Namespaces, PartitionedSystem } from "./namespaces.mjs";
import { Balanced, Balancer, network, PROJECT, System } from "./system.mjs";
import { Writers } from "./writer.mjs";

const USERS = Array.from({ length: 12 }, (_, i) => `user-${i}`);
const TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]];
const RATES = { sends: 30, marks: 6, threads: 0.15 };
const WARM_UP_MS = 2_000;
const AFTERMATH_MS = 4_000;
const CALM_MS = 6_000;
const PATIENCE_MS = 20_000;
/** What each node hears from others in the calm, at least. */
const HINTS_IN_CALM = 3;
const HINTS = "cove_hints_received_total";
/** Within this, everything that was stored is delivered. */
const SETTLE_MS = 4_000;

/** Beyond the minutes of the faults. */
const WATCHDOG_MS = 240_000;

const say = (line) => console.log(line);

async function run({ minutes, seed, variant, folder, namespaces, nodes, redis, balancer, kind, kinds, spacing, recoveredShare }) {
  const random = new Random(seed);
  const history = new History();
  const options = { ...kind, nodes, redis, balancer };
  const system = namespaces ? new PartitionedSystem(folder, new Namespaces(namespaces), options) : new System(folder, options);
  say(`Starting PostgreSQL, ${redis ? "Redis, " : ""}${nodes} socket servers${balancer ? ", HAProxy" : ""} and REST`);
  await system.start();
  const tokenOf = tokensOf(PROJECT);
  const faults = new Faults(system, history, say);
  const world = { history, random, faults, tokenOf, rest: new Rest(system.url, tokenOf) };
  const readBack = new ReadBack(world, USERS);
  await kind.prepare(system);
  await readBack.begin();
  const { apps, pollers } = await people(world, system, kind);
  const sockets = [...apps.values()].flat();
  const writers = new Writers(world, apps, RATES);
  await conversations(writers);
  for (const app of [...sockets, ...pollers]) await app.open();
  await allConnected(sockets, history);
  Object.assign(faults, { apps: sockets, pollers });

  writers.start();
  const began = Date.now();
  const until = minutes * 60_000;
  const plan = { from: WARM_UP_MS, until, spacing, nodes, kinds };
  if (kinds.length > 0) await faults.run(schedule(random.fork("faults"), plan), began);
  await pause(began + until - Date.now());
  say("All is well again");
  if (kind.healing) faults.heal();
  await pause(AFTERMATH_MS);
  await allConnected(sockets, history);
  history.calm = Date.now();
  const before = await system.meters(HINTS);
  await pause(CALM_MS);
  history.hints = (await system.meters(HINTS)).map((received, i) => ({ node: system.nodes[i].name, received: received - before[i] }));
  const unanswered = await writers.stop(PATIENCE_MS);
  if (unanswered > 0) history.refusals.push({ reader: `${unanswered} writers`, what: "writing", code: "never", expected: false });
  await pause(SETTLE_MS);
  say("Reading everything back");
  await Promise.race([Promise.all([...sockets, ...pollers].map((app) => app.finish())), pause(PATIENCE_MS)]);
  [...sockets, ...pollers].forEach((app) => app.close());
  await readBack.all();
  await system.stop();

  const checks = judge(history, requirementsOf({ minutes, kinds, recoveredShare, hints: redis && nodes > 1 ? HINTS_IN_CALM : 0 }));
  const report = reportOf(history, checks, { seed, minutes, variant, nodes, redis, balancer });
  writeFileSync(`${folder}/report.json`, JSON.stringify(report, null, 2));
  await writeFile(`${folder}/history.ndjson`, history.lines());
  return report;
}

/** Two devices with sockets for each user, of every kind, on every transport and all nodes; some have one that polls, too. */
async function people(world, system, { pollers: count, interval }) {
  const apps = new Map();
  for (const [i, uid] of USERS.entries()) {
    const from = system.addresses?.[Math.floor(i / 2) % 2];
    const plain = { kind: "plain", home: i % system.count, transports: TRANSPORTS[i % 3] };
    const cursor = { kind: "cursor", home: (i + 1) % system.count, transports: TRANSPORTS[(i + 1) % 3] };
    apps.set(uid, await Promise.all([plain, cursor].map(async ({ kind, home, transports }) => {
      const proxy = await network(system.balancer ? new Balanced(system.balancer) : new Balancer(system.nodes, home, from));
      return new SocketApp(world, { uid, kind, transports, network: proxy, name: `${uid}/${kind}/${transports.join("+")}` });
    })));
  }
  const pollers = USERS.slice(0, count).map((uid) => new Poller(world, { uid, interval, name: `${uid}/poller` }));
  return { apps, pollers };
}

/** Three groups of six and eight pairs. */
async function conversations(writers) {
  const at = (i) => USERS[i % USERS.length];
  for (let group = 0; group < 3; group++) {
    const [first, ...others] = [0, 1, 2, 3, 4, 5].map((i) => at(group * 4 + i));
    await writers.create(first, others, `group ${group}`);
  }
  for (let pair = 0; pair < 8; pair++) await writers.create(at(pair), [at(pair + 1 + (pair % 3))], undefined);
  if (writers.threads.length < 11) throw new Error("the conversations could not be made");
}

async function allConnected(apps, history) {
  const away = () => apps.filter(({ socket }) => !socket.connected);
  for (const deadline = Date.now() + PATIENCE_MS; away().length > 0 && Date.now() < deadline; ) await pause(100);
  for (const { name } of away()) history.refusals.push({ reader: name, what: "connect", code: "never", expected: false });
}

function settings() {
  try {
    return settingsOf(process.env, anySeed);
  } catch (failure) {
    console.error(failure.message);
    return process.exit(2);
  }
}

/** The run itself: it says nothing about the system. */
function failed(failure) {
  console.error(failure);
  killAll();
  process.exit(2);
}

const given = settings();
process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143));
setTimeout(() => {
  console.error("The run does not end.");
  process.exit(2);
}, given.minutes * 60_000 + WATCHDOG_MS).unref();
process.on("unhandledRejection", failed);
try {
  rmSync(given.folder, { recursive: true, force: true });
  mkdirSync(given.folder, { recursive: true });
  say(`SEED=${given.seed}${given.variant ? ` VARIANT=${given.variant}` : ""} repeats the faults of this run`);
  const report = await run(given);
  say(textOf(report));
  say(`\nSEED=${given.seed}; all numbers are in ${given.folder}/report.json, the logs of the parts beside it.`);
  process.exit(report.passed ? 0 : 1);
} catch (failure) {
  failed(failure);
}
