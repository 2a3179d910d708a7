/** PostgreSQL, Google, the generator and a server at a time: what every scenario measures with. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { Postgres } from "../../local/src/test/faults/postgres.mjs";
import { freePorts } from "../../local/src/test/faults/program.mjs";
import { Session } from "../../local/src/test/faults/sql.mjs";
import { PROJECT, startGoogle } from "../google.mjs";
import { Cove, CoveFunctions } from "./cove.mjs";
import { Generator } from "./generator.mjs";
import { between, move, OTHER_CORE, pinned, raiseFileLimit, readMeters, SERVER_CORE } from "./machine.mjs";
import { createPeerDatabase, Peer, PEER_DATABASE, preparePeer } from "./peer.mjs";
import { startProfile } from "./profile.mjs";
import { programsOf } from "./programs.mjs";
import { seed } from "./seed.mjs";
import { cacheOf } from "./trained.mjs";

export const SYSTEMS = ["cove", "peer-pg", "peer-prisma"];
const PRIORITY = -15;
const AUTOGROUP = "/proc/self/autogroup";
const STATEMENT_MS = 10 * 60_000;
/** Beside those of connections: jars, PostgreSQL's, its own ports. */
const OTHER_FILES = 300;
/** As somebody sets it who has given PostgreSQL a machine with some memory; it flushes every commit as before. */
const POSTGRES = { shared_buffers: "1GB", max_wal_size: "8GB", checkpoint_timeout: "30min" };

/** Before other programs of this machine. Where the kernel groups programs by their terminal, the group has a priority of its own. */
function goFirst() {
  setPriority(PRIORITY);
  if (existsSync(AUTOGROUP)) writeFileSync(AUTOGROUP, String(PRIORITY));
}

const addressOf = (scenario, { port }) => (scenario === "reads" ? { http: `http://127.0.0.1:${port}` } : { port });

export class Lab {
  /** @param home where what is prepared stays; @param quick with nothing that takes long */
  constructor({ root, home, quick, plan, say }) {
    Object.assign(this, { root, home, quick, plan, say, databases: new Map(), profiles: 0 });
    this.folder = `${home}/run`;
  }

  async open() {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    this.programs = programsOf(this.root, this.home, this.quick);
    this.peerHome = `${this.root}/bench/target/peer-node`;
    preparePeer(this.peerHome);
    this.files = raiseFileLimit();
    // Whatever is started from here on inherits both.
    move(OTHER_CORE);
    if (!this.quick && process.getuid() === 0) goFirst();
    const [databasePort, ...ports] = await freePorts(4);
    this.ports = ports;
    this.postgres = new Postgres(this.folder, databasePort, { host: "127.0.0.1", within: pinned(OTHER_CORE) });
    this.postgres.settings = POSTGRES;
    await this.postgres.create();
    this.google = await startGoogle(this.folder);
    this.generator = new Generator([...pinned(OTHER_CORE), ...this.programs.generator], `${this.folder}/generator.out`, {
      key: `${this.folder}/key.pem`, kid: "key-1", project: PROJECT });
    await this.createTemplates();
    if (this.programs.jar) this.programs.socket.unshift(`-XX:AOTCache=${await cacheOf(this)}`);
  }

  /** Each schema once, empty. */
  async createTemplates() {
    await createPeerDatabase(this.postgres.port);
    await this.sql("CREATE DATABASE cove");
    execFileSync(this.programs.java, [...this.programs.socket, "migrate"], {
      env: { ...process.env, DATABASE_URL: this.urlOf("cove") }, stdio: ["ignore", "ignore", "pipe"] });
  }

  /** So many connections one process may have here. */
  get mostConnections() {
    return this.files - OTHER_FILES;
  }

  urlOf(database) {
    return `postgresql://postgres@127.0.0.1:${this.postgres.port}/${database}`;
  }

  async sql(statement, database) {
    const session = await Session.open(this.postgres.port, "127.0.0.1", database);
    session.socket.setTimeout(STATEMENT_MS);
    await session.run(statement);
    session.close();
  }

  /** A database of this content, made anew. @param fill gets a session and which schema it is of */
  async database(system, name, fill) {
    const schema = system === "cove" ? "cove" : "peer";
    const database = `${schema}_${name}`;
    await this.sql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await this.sql(`CREATE DATABASE ${database} TEMPLATE ${schema === "cove" ? "cove" : PEER_DATABASE}`);
    const session = await Session.open(this.postgres.port, "127.0.0.1", database);
    await fill(session, schema);
    session.close();
    return database;
  }

  /** With threads in which a little was said. */
  talkers(system, threads, size) {
    return this.database(system, "talk", (session, schema) => seed(session, { schema, threads, size, messagesEach: this.plan.said }));
  }

  /** Has a server of that system while `use` runs. @param functions ours, rather than the socket server */
  async serve(system, database, use, { functions = false } = {}) {
    const common = { folder: this.folder, google: this.google, within: pinned(SERVER_CORE) };
    const ours = { ...common, ports: this.ports, databaseUrl: this.urlOf(database), programs: this.programs, drainMs: this.plan.drainMs };
    const server = system === "cove"
      ? new (functions ? CoveFunctions : Cove)(ours)
      : new Peer({ ...common, store: system.slice("peer-".length), home: this.peerHome, port: this.ports[0], databasePort: this.postgres.port,
        settings: { DATABASE_URL: this.urlOf(database) } });
    await server.start();
    try {
      return await use(server);
    } finally {
      // It has nothing that anybody still wants, and need not drain.
      await server.end("SIGKILL");
    }
  }

  /** Seconds until what a compiler makes of that server stays the same. */
  warmUp(system) {
    return this.plan.warmUp[system] ?? this.plan.warmUp.node;
  }

  profile(server, scenario) {
    this.profiles += 1;
    return startProfile(server, this.home, `${scenario}-${this.profiles}`);
  }

  /** Ends a server, by that signal, and starts it again at its ports. */
  async restart(server, signal) {
    await server.end(signal);
    await server.start();
  }

  meters(server, generator) {
    return readMeters({ server: server?.child.pid, postgres: this.postgres.child.pid, generator });
  }

  /** What others did since, where nobody's CPU is asked for. */
  others(before) {
    return between(before, this.meters());
  }

  /** The generator's result, and what it cost between its "measuring" and "measured". @param also what else is read at both */
  async measure(server, scenario, settings, { also = () => {} } = {}) {
    let [before, after, endProfile] = [];
    const result = await this.generator.run(scenario, { ...addressOf(scenario, server), ...settings }, {
      measuring: async (pid) => {
        endProfile = this.profile(server, scenario);
        before = this.meters(server, pid);
        await also();
      },
      measured: async (pid) => {
        after = this.meters(server, pid);
        await also();
        endProfile();
      },
    });
    return { ...result, ...between(before, after) };
  }

  /** The same from a place until its end, where it cannot be asked for its CPU any more, but has said it. */
  async measureAll(server, scenario, settings, from, answer = false) {
    let [before, endProfile] = [];
    const result = await this.generator.run(scenario, { ...addressOf(scenario, server), ...settings }, {
      [from]: () => {
        endProfile = this.profile(server, scenario);
        before = this.meters(server);
        return answer;
      },
    });
    const after = this.meters(server);
    endProfile();
    after.generator = before.generator + result.cpuSeconds;
    return { ...result, ...between(before, after) };
  }

  async close() {
    this.google.close();
    await this.postgres.stop();
    // Gigabytes.
    rmSync(`${this.folder}/database`, { recursive: true, force: true });
  }
}
