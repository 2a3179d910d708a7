/**
 * `make bench-nodes`: what one, two, four and eight socket servers do for the same groups of people. All servers run all the time;
 * for each number of them there are people of their own, who stay connected, so that the rounds of all numbers take turns.
 * ROUND_SECONDS of each measurement (3), ROUNDS (3), JVM options of the servers. Results go to bench/results.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pause } from "../../local/src/test/faults/program.mjs";
import { Cluster } from "./cluster.mjs";
import { Load } from "./load.mjs";
import { cpuOf, cpuOfFamily, cpuOfMachine, hintsOf } from "./meters.mjs";
import { peopleOf, sqlOf } from "./people.mjs";
import { reportOf } from "./report.mjs";
import { run } from "./run.mjs";

const NODES = [1, 2, 4, 8];
const PEOPLE = 400;
/** Of each size of groups: messages a second where they are paced, and how many are under way for each node where they are not. */
const GROUPS = { 2: { rate: 100, lanes: 32 }, 20: { rate: 40, lanes: 10 }, 100: { rate: 12, lanes: 4 } };
const SIZES = Object.keys(GROUPS).map(Number);
/** For each node and size. */
const WARM_UP_SECONDS = 1.2;
const SETTLE_MS = 500;
const PATIENCE_MS = 20_000;
const WATCHDOG_MS = 15 * 60_000;

const TARGET = fileURLToPath(new URL("../target/nodes", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results", import.meta.url));
const SECONDS = Number(process.env.ROUND_SECONDS || 3);
const ROUNDS = Number(process.env.ROUNDS || 3);
/** The quick compiler only: what it does is the same after a few seconds on each node, however little of the work it gets. */
const JVM = process.env.JVM || "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m";

const say = (line) => console.log(line);

class Bench {
  constructor() {
    this.cluster = new Cluster(TARGET, JVM);
    this.load = new Load();
    this.samples = [];
    this.idle = [];
  }

  async run() {
    const people = NODES.map((nodes) => peopleOf(`nodes${nodes}x`, nodes * 10_000, PEOPLE, SIZES));
    say(`Starting PostgreSQL, Redis and ${Math.max(...NODES)} socket servers`);
    await this.cluster.start(Math.max(...NODES), people.map(sqlOf).join(";"));
    this.groups = new Map();
    for (const [i, nodes] of NODES.entries()) {
      say(`Connecting ${PEOPLE} people to ${nodes === 1 ? "one node" : `${nodes} nodes`}`);
      this.groups.set(nodes, await this.connect(people[i], nodes));
    }
    say("Warming up");
    await this.warmUp();
    for (let round = 0; round < ROUNDS; round += 1) await this.round(round);
    await this.cluster.stop();
    return { samples: this.samples, idle: this.idle, people: PEOPLE, seconds: SECONDS, rounds: ROUNDS, jvm: JVM, groups: GROUPS };
  }

  /** Neighbours are on different nodes: every group is spread over as many as it can. */
  async connect({ users, groups }, nodes) {
    const clients = await this.cluster.connect(users, (i) => i % nodes, (number) => this.load.heard(number));
    const byUser = new Map(users.map((uid, i) => [uid, clients[i]]));
    return Object.fromEntries(Object.entries(groups).map(([size, list]) =>
      [size, list.map(({ threadId, members }) => ({ threadId, members: members.map((uid) => byUser.get(uid)) }))]));
  }

  /** The more nodes share the work, the longer: each is to have done about as much. */
  async warmUp() {
    for (const nodes of [...NODES].reverse()) {
      for (const size of SIZES) await this.measure({ nodes, size, paced: false, seconds: WARM_UP_SECONDS * nodes });
    }
  }

  async round(round) {
    this.idle.push(await this.rest());
    for (const size of SIZES) {
      // Each number of nodes comes first, in the middle and last.
      const order = NODES.map((_, i) => NODES[(i + round) % NODES.length]);
      for (const nodes of order) {
        for (const paced of [true, false]) {
          const sample = await this.measure({ nodes, size, paced, seconds: SECONDS });
          this.samples.push({ round, ...sample });
          say(lineOf(round, sample));
        }
      }
    }
  }

  async measure({ nodes, size, paced, seconds }) {
    const groups = this.groups.get(nodes)[size];
    const { rate, lanes } = GROUPS[size];
    const [hints, sent] = [await this.hints(nodes), this.load.sent];
    const driver = paced ? this.load.paced(groups, rate) : this.load.closed(groups, lanes * nodes);
    await pause(SETTLE_MS);
    this.load.reset();
    const before = await this.meters(nodes);
    await pause(seconds * 1_000);
    const after = await this.meters(nodes);
    const { messages, deliveries, refused, latencies } = this.load;
    driver.stop();
    await this.quiet();
    return {
      nodes, size, paced, messages, deliveries, refused, seconds: after.at - before.at,
      p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99),
      used: difference(after, before), hints: difference(await this.hints(nodes), hints), of: this.load.sent - sent,
    };
  }

  /** Nobody says anything. */
  async rest() {
    const all = Math.max(...NODES);
    const before = await this.meters(all);
    await pause(SECONDS * 1_000);
    return { nodes: all, ...difference(await this.meters(all), before) };
  }

  async meters(nodes) {
    const { cluster } = this;
    const { cpu, ...redis } = await cluster.meter.read();
    const own = process.cpuUsage();
    const cpus = cluster.nodes.map(({ child }) => cpuOf(child.pid));
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    return {
      at: performance.now() / 1_000,
      servers: sum(cpus.slice(0, nodes)), others: sum(cpus.slice(nodes)), redis: cpu, database: cpuOfFamily(cluster.postgres.child.pid),
      load: (own.user + own.system) / 1e6, machine: cpuOfMachine(),
      ...redis,
    };
  }

  async hints(nodes) {
    const each = await Promise.all(this.cluster.nodes.slice(0, nodes).map(({ settings }) => hintsOf(settings.INTERNAL_PORT)));
    return each.reduce((all, one) => Object.fromEntries(Object.entries(one).map(([name, n]) => [name, n + (all[name] ?? 0)])), {});
  }

  async quiet() {
    for (const deadline = Date.now() + PATIENCE_MS; !this.load.isQuiet; await pause(20)) {
      if (Date.now() > deadline) throw new Error(`${this.load.open.size} messages did not reach everybody`);
    }
  }
}

const difference = (after, before) => Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));

function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function lineOf(round, { nodes, size, paced, messages, deliveries, seconds, used, p50, p99 }) {
  return `round ${round + 1} groups of ${size}, ${nodes} nodes, ${paced ? "paced " : "closed"}: ${(messages / seconds).toFixed(0)} messages/s, `
    + `${(deliveries / used.servers).toFixed(0)} deliveries per CPU-second of ${used.servers.toFixed(1)}, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}

await run(async () => {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  mkdirSync(RESULTS, { recursive: true });
  const result = await new Bench().run();
  writeFileSync(`${TARGET}/samples.json`, JSON.stringify(result, null, 1));
  const { text, table } = reportOf(result);
  writeFileSync(`${TARGET}/table.json`, JSON.stringify(table, null, 1));
  writeFileSync(`${RESULTS}/nodes.md`, text);
  say(text);
}, WATCHDOG_MS);
