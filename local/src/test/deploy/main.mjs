/**
 * `make deploy-test`: three socket servers behind HAProxy are replaced one after the other while people chat. Exit code 1 where
 * anybody notices more than a reconnect, 2 where the run itself failed.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { tokensOf } from "../clients/tokens.mjs";
import { killAll, pause } from "../faults/program.mjs";
import { anySeed } from "../faults/random.mjs";
import { Rest } from "../faults/rest.mjs";
import { PROJECT, System } from "../faults/system.mjs";
import { judge } from "./judge.mjs";
import { reportOf, textOf } from "./report.mjs";

const FOLDER = fileURLToPath(new URL("../../../target/deploy", import.meta.url));
const NODES = 3;
const PER_PROCESS = 1_250;
const GROUP = 10;
/** Of ten clients: most use websockets from the beginning, one upgrades as by default, one only polls. */
const TRANSPORTS = [["polling"], ["polling", "websocket"], ...Array(8).fill(["websocket"])];
const CONNECTS_PER_SECOND = 150;
const CREATING = 8;
const CALM_MS = 2_000;
const PATIENCE_MS = 30_000;
const WATCHDOG_MS = 900_000;

const say = (line) => console.log(line);

/** CLIENTS, how many; SENDS a second, all together; DRAIN_MS, over which each server ends its sessions; STALL_MS, which no send takes; SEED. */
function settingsOf({ CLIENTS, SENDS, DRAIN_MS, STALL_MS, SEED }) {
  const clients = number("CLIENTS", CLIENTS, 5_000);
  return {
    clients,
    sends: number("SENDS", SENDS, Math.min(100, clients / 4)),
    drainMs: number("DRAIN_MS", DRAIN_MS, clients <= 500 ? 3_000 : 30_000),
    stallMs: number("STALL_MS", STALL_MS, 2_000),
    seed: SEED || String(anySeed()),
  };
}

function number(name, text, usual) {
  const value = text ? Number(text) : usual;
  if (!(value > 0)) throw new Error(`${name} is a number above 0`);
  return value;
}

/** A process of people: asked one thing at a time. */
class Process {
  constructor(people, given) {
    this.child = fork(fileURLToPath(new URL("crowd.mjs", import.meta.url)), { serialization: "advanced" });
    this.people = people;
    this.given = given;
  }

  async ask(task, given = {}) {
    this.child.send({ task, ...given });
    const [{ answer }] = await once(this.child, "message");
    return answer;
  }
}

async function run({ clients, sends, drainMs, seed }) {
  const system = new System(FOLDER, { nodes: NODES, redis: true, balancer: true, direct: true, socket: {
    SOCKET_DRAIN_MS: drainMs,
    SOCKET_PING_INTERVAL_MS: 25_000,
    SOCKET_PING_TIMEOUT_MS: 20_000,
    SOCKET_SLOW_CLIENT_MS: 10_000,
    SOCKET_MAX_CONNECTIONS_PER_ADDRESS: 100_000,
  } });
  say(`Starting PostgreSQL, Redis, ${NODES} socket servers, REST and HAProxy`);
  await system.start();
  const people = Array.from({ length: clients }, (_, i) => ({ uid: `user-${i}`, transports: TRANSPORTS[i % TRANSPORTS.length] }));
  const share = Math.ceil(clients / Math.ceil(clients / PER_PROCESS));
  const crowd = [];
  for (let i = 0; i < clients; i += share) crowd.push(new Process(people.slice(i, i + share)));
  const all = (task, given = {}) => Promise.all(crowd.map((process) => process.ask(task, given)));
  await Promise.all(crowd.map((process) => process.ask("gather", { people: process.people, seed, rate: sends / crowd.length })));
  say(`Connecting ${clients} clients`);
  await all("connect", { url: `http://127.0.0.1:${system.balancer.port}`, perSecond: CONNECTS_PER_SECOND / crowd.length });
  const threads = await conversations(new Rest(system.url, tokensOf(PROJECT)), people);
  say(`They chat in ${threads.length} threads`);
  await all("chat", { threads });
  const began = Date.now();
  await pause(CALM_MS);

  const deployments = [];
  for (const node of system.nodes) {
    const deployment = { node: node.name, at: Date.now() };
    deployments.push(deployment);
    say(`${((deployment.at - began) / 1_000).toFixed(1).padStart(7)} s  ${node.name} is told to stop`);
    await node.end("SIGTERM");
    deployment.until = Date.now();
    await node.start();
    deployment.ready = Date.now();
    say(`${((deployment.ready - began) / 1_000).toFixed(1).padStart(7)} s  ${node.name} is there again`);
    await allUp(system.balancer);
    await allConnected(all, clients);
    await pause(CALM_MS);
  }
  const ended = Date.now();
  const acknowledged = (await all("quiet")).flatMap((answer) => answer.sends);
  const results = await all("finish", { ends: endsOf(threads, acknowledged) });
  await system.stop();
  const merged = (what) => results.flatMap((result) => result[what]);
  const sum = (what) => results.reduce((total, result) => total + result[what], 0);
  return {
    began, ended, threads, deployments, people, sends: merged("sends"), shown: merged("shown"), reconnects: merged("reconnects"),
    violations: merged("violations"), broken: sum("broken"), deliveries: sum("deliveries"),
  };
}

/** Everybody is in two threads, with neighbours and with people far away. */
async function conversations(rest, people) {
  const count = Math.ceil(people.length / GROUP);
  const groups = Array.from({ length: count }, (_, i) => people.slice(i * GROUP, (i + 1) * GROUP));
  const others = Array.from({ length: count }, (_, i) => people.filter((_, person) => person % count === i));
  const threads = [];
  const waiting = [...groups, ...others].map((members) => members.map(({ uid }) => uid)).entries();
  await Promise.all(Array.from({ length: CREATING }, async () => {
    for (const [i, [first, ...rest_]] of waiting) {
      const { status, body } = await rest.call(first, "POST", "/create-thread", { participantIds: rest_, title: `thread ${i}` });
      if (status !== 201) throw new Error(`a thread could not be made: ${status} ${JSON.stringify(body)}`);
      threads.push({ id: body.thread.id, members: [first, ...rest_] });
    }
  }));
  return threads;
}

async function allUp(balancer) {
  for (const deadline = Date.now() + PATIENCE_MS; !(await balancer.serversUp()).every(Boolean); await pause(100)) {
    if (Date.now() > deadline) throw new Error("HAProxy does not take a server for one that works");
  }
}

async function allConnected(all, clients) {
  const connected = async () => (await all("count")).reduce((sum, answer) => sum + answer.connected, 0);
  for (const deadline = Date.now() + PATIENCE_MS; (await connected()) < clients; await pause(200)) {
    if (Date.now() > deadline) return say("Not everybody is connected");
  }
}

/** By user: where each of their threads ends. */
function endsOf(threads, sends) {
  const lengths = new Map();
  for (const { threadId } of sends) lengths.set(threadId, (lengths.get(threadId) ?? 0) + 1);
  const ends = {};
  for (const { id, members } of threads) for (const uid of members) (ends[uid] ??= []).push([id, lengths.get(id) ?? 0]);
  return ends;
}

function failed(failure) {
  console.error(failure);
  killAll();
  process.exit(2);
}

process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143)).on("unhandledRejection", failed);
setTimeout(() => failed(new Error("The run does not end.")), WATCHDOG_MS).unref();
try {
  const given = settingsOf(process.env);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const result = await run(given);
  const checks = judge(result, {
    stallMs: given.stallMs,
    recoveredShare: 0.99,
    reconnects: given.clients * 0.9,
    deliveries: given.sends * ((result.ended - result.began) / 1_000) * GROUP * 0.5,
  });
  const report = reportOf(result, checks, given);
  writeFileSync(`${FOLDER}/report.json`, JSON.stringify(report, null, 2));
  say(textOf(report));
  say(`\nAll numbers are in ${FOLDER}/report.json, the logs of the parts beside it.`);
  process.exit(report.passed ? 0 : 1);
} catch (failure) {
  failed(failure);
}
