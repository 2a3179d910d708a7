/**
 * `make image-test`: runs the image of Dockerfile.socket for real, as a task with one core and 512 MB would: not as root, on a read-only
 * file system, without any capability. Migrates a database with it, measures its start, talks to it with real clients, ends it with
 * SIGTERM. Exit code 1 where anything is not as docs/operations.md says. Needs Docker, and port 443 of this machine for what stands for Google.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import { tokensOf } from "../clients/tokens.mjs";
import { freePorts, killAll, pause, Program } from "../faults/program.mjs";
import { docker, ended, inspect, remove } from "./docker.mjs";
import { Google, HOST } from "./google.mjs";
import { conclude, median, say } from "./trial.mjs";

const IMAGE = process.env.IMAGE || "cove-socket-server";
const STARTS = Number(process.env.STARTS || 5);
const FOLDER = fileURLToPath(new URL("../../../target/image-test", import.meta.url));
const PROJECT = "cove-image-test";
const NAME = "cove-image-test";
const MEGABYTE = 1_000_000;
const PATIENCE_MS = 60_000;
const SIGTERM_EXIT = 143;

/** The image in one task. */
class Task {
  constructor(database, google, [port, internal]) {
    Object.assign(this, { database, google, port, internal });
  }

  /** @param options the JVM's, beside those that make it believe our keys */
  parameters(options = "") {
    const environment = {
      DATABASE_URL: this.database,
      FIREBASE_PROJECT_ID: PROJECT,
      HOOK_SECRET: "only-for-the-image-test",
      SOCKET_PORT: this.port,
      INTERNAL_PORT: this.internal,
      SOCKET_DRAIN_MS: 2_000,
      JAVA_TOOL_OPTIONS: `${Google.trusting("/trust.p12")} ${options}`,
    };
    return ["--cpus", "1", "--memory", "512m", "--memory-swap", "512m", "--read-only", "--cap-drop", "ALL",
      "--security-opt", "no-new-privileges", "--network", "host", "--add-host", `${HOST}:127.0.0.1`,
      "--volume", `${this.google.trust}:/trust.p12:ro`,
      ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`])];
  }

  /** Milliseconds from the moment that Docker started the process until it answers that it lives. */
  async start(options) {
    await remove(NAME);
    const started = docker("run", "--detach", "--name", NAME, ...this.parameters(options), IMAGE);
    const [answeredAt] = await Promise.all([this.answers(started), started]);
    return answeredAt - Date.parse((await inspect(NAME)).State.StartedAt);
  }

  async answers(started) {
    let failed;
    started.catch((error) => (failed = error));
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && !failed; await pause(3)) {
      const live = await fetch(`http://127.0.0.1:${this.port}/live`).catch(() => undefined);
      if (live?.ok) return Date.now();
    }
    throw failed ?? new Error(`no answer; docker logs ${NAME} tells more`);
  }

  async stop() {
    await docker("kill", "--signal", "TERM", NAME);
    return ended(NAME);
  }

  /** What it has used of the processor so far, in user and in kernel mode; the clock's ticks are 10 ms. */
  async processorMs() {
    const [, ...fields] = (await this.bash("echo \"$(</proc/1/stat)\"")).split(") ");
    return fields[0].split(" ").slice(11, 13).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
  }

  bash(script) {
    return docker("exec", NAME, "/bin/bash", "-c", script);
  }

  connect(token, transports) {
    return io(`http://127.0.0.1:${this.port}`, { auth: { token }, transports, reconnection: false, forceNew: true });
  }
}

async function imageIsSmallAndNeedsNoRoot() {
  const { Size, Config } = JSON.parse(await docker("image", "inspect", IMAGE))[0];
  say("size of the image", `${(Size / MEGABYTE).toFixed(0)} MB`);
  assert(Size < 200 * MEGABYTE, "larger than 200 MB");
  assert.match(Config.User, /^[1-9]\d+:[1-9]\d+$/, "a user by number");
}

async function migrates(task) {
  const said = await docker("run", "--rm", ...task.parameters(), IMAGE, "migrate");
  assert.match(said, /The schema was at version .* and is now at version \d+/);
  say("docker run … migrate", said.split("\n").at(-1));
}

async function refusesToStart() {
  await remove(NAME);
  await docker("run", "--detach", "--name", NAME, "--read-only", IMAGE);
  const { code, log } = await ended(NAME);
  assert.equal(code, 1);
  assert.match(log, /DATABASE_URL[^]*FIREBASE_PROJECT_ID|FIREBASE_PROJECT_ID[^]*DATABASE_URL/);
  say("without settings", "all problems named, exit code 1");
}

async function startsQuickly(task) {
  for (const [what, options] of [["with its AOT cache", "-XX:AOTMode=on"], ["without it", "-XX:AOTMode=off"]]) {
    const starts = [];
    const processor = [];
    for (let i = 0; i < STARTS; i += 1) {
      starts.push(await task.start(options));
      processor.push(await task.processorMs());
      assert.equal((await task.stop()).code, SIGTERM_EXIT);
    }
    say(`start to healthy, one core, ${what}`, `median ${median(starts)} ms of ${starts.join(", ")}; `
      + `time of the processor ${median(processor)} ms`);
  }
}

async function isHealthy() {
  const status = async () => (await inspect(NAME)).State.Health.Status;
  for (const deadline = Date.now() + PATIENCE_MS; (await status()) !== "healthy"; await pause(200)) {
    assert(Date.now() < deadline, "Docker's health check does not find it healthy");
  }
  say("Docker's health check", "healthy");
}

async function usesWhatWasBuiltIn(task) {
  const mapped = await task.bash("echo \"$(</proc/1/maps)\"");
  for (const part of ["/app/socket-server.aot", "/app/native/libnetty_transport_native_epoll"]) {
    assert(mapped.includes(part), `${part} is not in use`);
  }
  assert.equal(await task.bash("echo $UID"), "10001");
  await assert.rejects(task.bash("echo > /app/x"), /Read-only file system/);
  say("AOT cache and epoll in use, uid 10001, read-only", "yes");
}

async function serves(task, google) {
  const clients = [["websocket"], ["polling"]].map((transports, i) => task.connect(google.token(`user-${i}`), transports));
  await Promise.all(clients.map((client) => once(client, "connect")));
  for (const client of clients) {
    assert.equal((await client.timeout(10_000).emitWithAck("update_presence", { visible: true })).ok, true);
  }
  const [refusal] = await once(task.connect(tokensOf(PROJECT)("mallory"), ["websocket"]), "connect_error");
  assert.equal(refusal.data?.code, "unauthenticated");
  const metrics = await (await fetch(`http://127.0.0.1:${task.internal}/metrics`)).text();
  assert.match(metrics, /^cove_connections 2(\.0)?$/m);
  const health = await (await fetch(`http://127.0.0.1:${task.port}/health`)).json();
  assert.equal(health.database, "up");
  say("websocket and polling client with signed tokens", "served; an unsigned token refused");
  return clients;
}

async function endsGracefully(task, clients) {
  const goodbyes = clients.map((client) => once(client, "disconnect"));
  const asked = Date.now();
  const [{ code, log, killedForMemory }, ...reasons] = await Promise.all([task.stop(), ...goodbyes]);
  const took = Date.now() - asked;
  assert.equal(code, SIGTERM_EXIT);
  assert.equal(killedForMemory, false);
  for (const [reason] of reasons) assert.match(reason, /^transport (close|error)$/, "what a client comes back after");
  assert.match(log, /"message":"stopping"[^]*"sessions":2|"sessions":2[^]*"message":"stopping"/);
  assert.match(log, /"message":"stopped"/);
  say("SIGTERM with two clients", `drained in ${took} ms, exit code ${code}`);
}

async function main() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const [databasePort, ...ports] = await freePorts(3);
  const postgres = new Program("database", "LocalPostgresMain", FOLDER, { LOCAL_DATABASE_PORT: databasePort });
  const google = new Google(FOLDER, PROJECT);
  const task = new Task(`postgresql://postgres@localhost:${databasePort}/postgres`, google, ports);
  try {
    await Promise.all([postgres.start(), google.listen("127.0.0.1")]);
    await imageIsSmallAndNeedsNoRoot();
    await migrates(task);
    await refusesToStart();
    say("load of this machine before the measurement", loadavg()[0].toFixed(1));
    await startsQuickly(task);
    await task.start();
    await isHealthy();
    await usesWhatWasBuiltIn(task);
    const clients = await serves(task, google);
    say("memory of the process", (await task.bash("while read -r n v; do [[ $n == VmRSS: ]] && echo $v; done </proc/1/status; true")));
    say("memory that counts towards its limit", await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", NAME));
    await endsGracefully(task, clients);
  } finally {
    await remove(NAME);
    google.close();
    if (postgres.up) await postgres.end("SIGTERM");
    killAll();
  }
}

conclude(main);
