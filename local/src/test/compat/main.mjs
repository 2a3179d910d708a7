/**
 * `make compat-test OLD=<revision>`: the code of another revision, built from the repository's history, and this one, on one database. Exit
 * code 1 where one of them does what it must not, 2 where the run itself failed.
 *
 * People talk through the old servers while the new code migrates; then through old and new ones at once; then the old ones are stopped
 * one after the other, as a rolling deployment does. Everything acknowledged must arrive, once and in order, on every connection.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import { tokensOf } from "../clients/tokens.mjs";
import { Postgres } from "../faults/postgres.mjs";
import { freePorts, killAll, pause, Program } from "../faults/program.mjs";
import { Rest } from "../faults/rest.mjs";

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../../target/compat", import.meta.url));
const PROJECT = "cove-compat";
const PATIENCE = 60_000;
const WATCHDOG_MS = 900_000;
const TALK_MS = 4_000;
const JAVA = ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"];

const say = (line) => console.log(line);
const tokenOf = tokensOf(PROJECT);
const failures = [];

function check(what, holds) {
  say(`  ${holds ? "ok  " : "FAIL"}  ${what}`);
  if (!holds) failures.push(what);
}

async function until(what, condition) {
  for (const deadline = Date.now() + PATIENCE; !condition(); await pause(50)) {
    if (Date.now() > deadline) return check(what, false);
  }
  return check(what, true);
}

/** Code that can be run: its folder, its newest migration, and how its programs are called. */
class Release {
  constructor(name, folder) {
    Object.assign(this, { name, folder });
    this.classes = `${folder}/local/target/classes:${readFileSync(`${folder}/local/target/classpath`, "utf8").trim()}`;
    this.schema = Math.max(...execFileSync("ls", [`${folder}/db/src/main/resources/db/migration`], { encoding: "utf8" })
      .match(/^V\d+/gm).map((version) => Number(version.slice(1))));
  }

  program(name, main, settings) {
    const program = new Program(`${this.name}-${name}`, main, FOLDER, settings);
    program.command = () => [java(), ...JAVA, "-cp", this.classes, `com.cove.local.${main}`];
    return program;
  }

  /** Runs the socket server's own program, as production does; answers its exit code and what it said. */
  main(settings, ...parameters) {
    const options = { env: { PATH: process.env.PATH, ...settings }, timeout: PATIENCE };
    return new Promise((resolve) => {
      execFile(java(), [...JAVA, "-cp", this.classes, "com.cove.socket.SocketMain", ...parameters], options,
        (failure, stdout, stderr) => resolve({ status: failure ? failure.code : 0, said: `${stdout}${stderr}` }));
    });
  }
}

let home;
const java = () => {
  home ??= execFileSync(`${REPOSITORY}bin/mvn25`, ["--java-home"], { encoding: "utf8" }).trim();
  return `${home}/bin/java`;
};

/** The old revision in a folder of its own, with the npm packages of this one. */
function checkedOut(revision) {
  const commit = execFileSync("git", ["rev-parse", "--verify", `${revision}^{commit}`], { cwd: REPOSITORY, encoding: "utf8" }).trim();
  const folder = `${FOLDER}-old/${commit.slice(0, 12)}`;
  if (!existsSync(`${folder}/local/target/classpath`)) {
    say(`Building ${revision} (${commit.slice(0, 12)})`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const archive = execFileSync("git", ["archive", commit], { cwd: REPOSITORY, maxBuffer: 1 << 30 });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    execFileSync(`${folder}/bin/mvn25`, ["-B", "-q", "-Pprograms", "-DskipTests", "-Dspotless.check.skip=true",
      "-Dmaven.shade.skip=true", "-pl", "local", "-am", "package"], { cwd: folder, stdio: "inherit" });
  }
  return new Release("old", folder);
}

/** Somebody with a connection, who sends, and notes all that arrives. */
class Person {
  constructor(uid, url) {
    this.uid = uid;
    this.arrived = [];
    this.acknowledged = [];
    this.refused = [];
    this.connects = 0;
    this.open(url);
  }

  /** Opens a connection, to any server; what comes over it joins what came before. */
  open(url) {
    this.socket?.close();
    this.socket = io(url, { auth: { token: tokenOf(this.uid) }, forceNew: true, transports: ["websocket"] });
    this.socket.on("connect", () => (this.connects += 1));
    this.socket.on("new_message", ({ message }) => this.arrived.push(message));
    this.socket.on("message_read", (read) => (this.read = read));
  }

  /** As apps do: what a connection took along when it ended is sent again over the next one, with the same id. */
  async send(threadId, content) {
    const clientMessageId = `${this.uid}-${this.acknowledged.length + this.refused.length}`;
    let answer;
    for (const end = Date.now() + PATIENCE; answer === undefined; ) {
      try {
        answer = await this.socket.timeout(PATIENCE).emitWithAck("send_message", { threadId, content, clientMessageId });
      } catch (failure) {
        if (failure.message !== "socket has been disconnected" || Date.now() > end) throw failure;
      }
    }
    if (answer.ok) this.acknowledged.push(answer.message);
    else this.refused.push(answer.error);
    return answer;
  }

  /** Sends until told to stop. */
  talk(threadId) {
    this.talking = true;
    this.talked = (async () => {
      for (let n = 0; this.talking; n++, await pause(30)) await this.send(threadId, `${this.uid} ${n}`);
    })();
  }

  async rest() {
    this.talking = false;
    await this.talked;
  }
}

const seqs = (messages) => messages.map(({ seq }) => seq);
const isSequence = (numbers) => numbers.every((seq, i) => i === 0 || seq === numbers[i - 1] + 1);

/** Everybody has seen everything acknowledged, once and in order. */
async function allArrived(when, people, rest, threadId) {
  const acknowledged = people.flatMap((person) => person.acknowledged).length;
  check(`${when}: nobody was refused anything`, people.every(({ refused }) => refused.length === 0));
  const last = Math.max(...people.flatMap((person) => seqs(person.acknowledged)));
  await until(`${when}: all ${acknowledged} messages arrived at everybody`, () => people.every(({ arrived }) => arrived.at(-1)?.seq >= last));
  check(`${when}: once each, in order`, people.every(({ arrived }) => isSequence(seqs(arrived))));
  const { body } = await rest.get(people[0].uid, "/threads");
  check(`${when}: stored are as many`, body.threads?.find(({ id }) => id === threadId)?.lastSeq === last);
}

async function run(revision) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const old = checkedOut(revision);
  const now = new Release("new", REPOSITORY.replace(/\/$/, ""));
  say(`Schema ${old.schema} of ${revision}, schema ${now.schema} of this code`);

  const [port, ...ports] = await freePorts(9);
  const postgres = new Postgres(FOLDER, port);
  await postgres.create();
  const database = { DATABASE_URL: `postgresql://postgres@127.0.0.1:${port}/postgres`, FIREBASE_PROJECT_ID: PROJECT };
  const production = { ...database, SOCKET_PORT: 0, INTERNAL_PORT: 0, HOOK_SECRET: "sixteen characters", PUSH: "false" };
  const limits = { SOCKET_EVENTS_PER_SECOND: 10_000, SOCKET_USER_EVENTS_PER_SECOND: 10_000, SOCKET_DRAIN_MS: 1_000 };
  const server = (release, [socket, internal]) => {
    const program = release.program("socket", "LocalSocketMain", { ...database, ...limits, SOCKET_PORT: socket, INTERNAL_PORT: internal });
    return Object.assign(program, { url: `http://127.0.0.1:${socket}` });
  };
  const gateway = (release, api, [socket, internal]) => {
    const program = release.program("api", "LocalApiMain", { ...database, API_PORT: api, SOCKET_PORT: socket, INTERNAL_PORT: internal });
    return Object.assign(program, { rest: new Rest(`http://127.0.0.1:${api}`, tokenOf) });
  };
  const oldServer = server(old, ports.slice(0, 2));
  const oldApi = gateway(old, ports[2], ports.slice(0, 2));
  const newServer = server(now, ports.slice(3, 5));
  const newApi = gateway(now, ports[5], ports.slice(3, 5));

  say("The old code alone, on its own schema");
  await oldServer.start();
  await oldApi.start();
  const ann = new Person("ann", oldServer.url);
  const ben = new Person("ben", oldServer.url);
  const people = [ann, ben];
  await until("two people are connected", () => people.every(({ socket }) => socket.connected));
  const { body } = await oldApi.rest.call("ann", "POST", "/create-thread", { participantIds: ["ben"] });
  const thread = body.thread.id;
  await ann.send(thread, "before");

  if (old.schema < now.schema) {
    const refused = await now.main(production);
    check(`the new code does not start on it: ${refused.said.trim().split("\n").at(-1)}`,
      refused.status === 1 && refused.said.includes(`The schema is at version ${old.schema}`) && !refused.said.includes('"started"'));
  }

  say("The old code, while the new one migrates");
  people.forEach((person) => person.talk(thread));
  await pause(TALK_MS / 4);
  const [migrated, again] = await Promise.all([now.main(database, "migrate"), now.main(database, "migrate")]);
  check(`migrate: ${migrated.said.trim().split("\n").at(-1)}`, migrated.status === 0);
  check(`migrate at the same time: ${again.said.trim().split("\n").at(-1)}`, again.status === 0);
  await pause(TALK_MS);
  await Promise.all(people.map((person) => person.rest()));
  await allArrived("old code on the new schema", people, oldApi.rest, thread);
  check("nobody lost their connection", people.every(({ connects }) => connects === 1));

  say("Old and new together");
  await newServer.start();
  await newApi.start();
  const cursor = (await oldApi.rest.get("ann", "/threads")).body.cursor;
  ben.open(newServer.url);
  await until("one of them is connected to a new server", () => ben.socket.connected);
  people.forEach((person) => person.talk(thread));
  await pause(TALK_MS);
  await Promise.all(people.map((person) => person.rest()));
  await allArrived("old and new servers", people, newApi.rest, thread);
  const read = await ben.socket.timeout(PATIENCE).emitWithAck("mark_read", { messageId: ben.arrived.at(-1).id });
  check("a reading through the new server is taken", read.ok);
  await until("and arrives through the old one", () => ann.read?.messageId === ben.arrived.at(-1).id);
  for (const [name, api] of [["old", oldApi], ["new", newApi]]) {
    const sent = await api.rest.call("ann", "POST", "/send-message", { threadId: thread, content: `REST, ${name}` });
    check(`a message by REST of the ${name} code is stored`, sent.status === 201);
    ann.acknowledged.push(sent.body.message);
    await allArrived(`REST of the ${name} code`, people, api.rest, thread);
    const { status, body: page } = await api.rest.get("ann", "/sync", { cursor });
    check(`a cursor of the old code counts with the ${name} one`, status === 200 && !page.reset && page.messages.length > 0);
    const repeated = await api.rest.call("ben", "POST", "/send-message", { threadId: thread, content: "ben 0", clientMessageId: "ben-0" });
    check(`a send of the old code repeated at the ${name} one is no new message`, repeated.status === 200);
  }

  say("A rolling deployment: the old ones stop");
  ann.socket.io.uri = newServer.url;
  people.forEach((person) => person.talk(thread));
  await pause(TALK_MS / 4);
  await oldServer.end("SIGTERM");
  await oldApi.end("SIGTERM");
  await pause(TALK_MS);
  await Promise.all(people.map((person) => person.rest()));
  await allArrived("after it", people, newApi.rest, thread);

  say("The way back: the old code again, beside the new schema");
  await oldServer.start();
  ben.socket.io.uri = oldServer.url;
  const connects = ben.connects;
  await newServer.end("SIGTERM");
  await until("a person has moved to it", () => ben.connects > connects);
  check("and was recovered", ben.socket.recovered);
  ann.open(oldServer.url);
  await until("and the other", () => ann.socket.connected);
  people.forEach((person) => person.talk(thread));
  await pause(TALK_MS / 2);
  await Promise.all(people.map((person) => person.rest()));
  await allArrived("rolled back", people, newApi.rest, thread);

  people.forEach(({ socket }) => socket.close());
  await oldServer.end("SIGTERM");
  await newApi.end("SIGTERM");
  await postgres.stop();
}

const watchdog = setTimeout(() => {
  console.error("The run takes too long");
  killAll();
  process.exit(2);
}, WATCHDOG_MS);
try {
  await run(process.env.OLD || "HEAD~1");
  clearTimeout(watchdog);
  say(failures.length === 0 ? "All holds." : `${failures.length} did not hold; the logs are in ${FOLDER}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} catch (failure) {
  console.error(failure);
  process.exitCode = 2;
} finally {
  killAll();
  clearTimeout(watchdog);
}
