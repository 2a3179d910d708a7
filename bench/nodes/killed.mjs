/**
 * `make bench-killed`: how long until the people of a server that is killed (kill -9) are told to be gone, and that whoever is on another
 * server as well is not. Fails where somebody is told anything else.
 */
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pause } from "../../local/src/test/faults/program.mjs";
import { Cluster } from "./cluster.mjs";
import { peopleOf, sqlOf } from "./people.mjs";
import { run } from "./run.mjs";

const TARGET = fileURLToPath(new URL("../target/killed", import.meta.url));
const [PEOPLE, ON_BOTH, TIMES] = [100, 10, 5];
const BOUND_MS = 15_000;
const WATCHDOG_MS = 5 * 60_000;

async function killed() {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  const people = peopleOf("killed", 0, PEOPLE, [PEOPLE]);
  const [watcher, ...others] = people.users;
  const both = others.slice(0, ON_BOTH);
  const cluster = new Cluster(TARGET, "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m");
  await cluster.start(2, sqlOf(people));
  const [watching] = await cluster.connect([watcher], () => 0, () => {});
  await cluster.connect(both, () => 0, () => {});
  const told = new Map();
  watching.socket.on("message", (bytes) => {
    const [event, news] = bytes.toString().startsWith('42["user_online"') ? JSON.parse(bytes.toString().slice(2)) : [];
    if (event) told.set(news.userId, { ...news, at: performance.now() });
  });
  for (let i = 0; i < TIMES; i += 1) {
    const clients = await cluster.arrive(others, () => 1, () => {}, ON_BOTH);
    await until(() => others.every((uid) => both.includes(uid) || told.get(uid)?.online));
    for (const { socket } of clients) socket.removeAllListeners("error").on("error", () => {});
    const at = performance.now();
    await cluster.nodes[1].end("SIGKILL");
    await until(() => others.every((uid) => both.includes(uid) || !told.get(uid).online));
    const waits = others.filter((uid) => !both.includes(uid)).map((uid) => told.get(uid).at - at).sort((a, b) => a - b);
    const error = others.filter((uid) => told.get(uid)?.online === false).map((uid) => Math.abs(Date.parse(told.get(uid).lastSeenAt) - (performance.timeOrigin + at)));
    console.log(`all ${waits.length} were gone after ${(waits[0] / 1000).toFixed(1)} to ${(waits.at(-1) / 1000).toFixed(1)} s; lastSeenAt is off by ${(Math.max(...error) / 1000).toFixed(1)} s at most`);
    if (waits.at(-1) > BOUND_MS) throw new Error("that is later than promised");
    if (both.some((uid) => told.get(uid)?.online === false)) throw new Error("somebody was called gone who is on another server");
    await cluster.nodes[1].start();
  }
  watching.close();
  await cluster.stop();
}

async function until(condition) {
  for (const deadline = Date.now() + 2 * BOUND_MS; !condition(); await pause(20)) {
    if (Date.now() > deadline) throw new Error("it does not happen");
  }
}

await run(killed, WATCHDOG_MS);
