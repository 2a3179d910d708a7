/** PostgreSQL in processes of its own, which can be killed as a crash of its machine's memory would, and started again. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { launch, pause, Program } from "./program.mjs";
import { Session } from "./sql.mjs";

const PATIENCE = 60_000;
/** PostgreSQL writes what nobody waits for after some 200 ms. */
const LOOK_MS = 150;

export class Postgres {
  /** @param place where it runs, see System; on this machine's own address where there is none */
  constructor(folder, port, { host, within } = { host: "127.0.0.1", within: [] }) {
    Object.assign(this, { host, within });
    this.folder = folder;
    this.port = port;
    this.log = `${folder}/postgres.out`;
    this.data = `${folder}/database/postgres`;
    /** Win over those that it runs with usually, from its next start on. */
    this.settings = {};
    if (host !== "127.0.0.1") this.listen();
  }

  /** Takes sessions over the network, and believes who they say they are. */
  listen() {
    const file = `${this.folder}/hba.conf`;
    writeFileSync(file, "local all all trust\nhost all all all trust\n");
    this.settings = { listen_addresses: "*", hba_file: file };
  }

  /** Makes the database as `make run` does; from then on its server is ours to start and to kill. */
  async create() {
    const maker = new Program("database", "LocalPostgresMain", this.folder, { LOCAL_DATABASE_PORT: this.port });
    await maker.start();
    this.commandLine = [...readFileSync(`${this.data}/postmaster.opts`, "utf8").matchAll(/"([^"]*)"|(\S+)/g)]
      .map(([, quoted, plain]) => quoted ?? plain);
    await maker.end("SIGTERM");
    await this.endLeftover();
    await this.start();
  }

  /** Who is told to end just when it says that it is ready may leave its PostgreSQL behind. */
  async endLeftover() {
    const postmaster = Number(read(`${this.data}/postmaster.pid`).split("\n")[0]);
    if (postmaster > 0) kill(postmaster, "SIGINT");
    while (postmaster > 0 && isAlive(postmaster)) await pause(20);
  }

  async start() {
    const [program, ...parameters] = this.commandLine;
    const settings = Object.entries(this.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    this.child = this.run(program, [...parameters, ...settings]);
    const isDead = () => this.child.exitCode !== null;
    for (const deadline = Date.now() + PATIENCE; !(await this.answers()) && !isDead() && Date.now() < deadline; ) await pause(50);
    if (isDead() || !(await this.answers())) throw new Error(`PostgreSQL does not start, see ${this.log}`);
  }

  /** PostgreSQL refuses to run as root: a user namespace makes it nobody. */
  run(program, parameters, options = {}) {
    const [first, ...rest] = [...this.within, ...(process.getuid() === 0 ? ["unshare", "--user"] : []), program, ...parameters];
    return launch(first, rest, { log: this.log, ...options });
  }

  /** True once it takes sessions. */
  async answers() {
    try {
      (await Session.open(this.port, this.host)).close();
      return true;
    } catch {
      return false;
    }
  }

  /** All its processes die at once: what was not written is gone. */
  async kill() {
    const children = this.children();
    for (const pid of [this.child.pid, ...children]) kill(pid);
    await this.child.ended;
    while (children.some(isAlive)) await pause(20);
  }

  /**
   * It dies in a moment in which nobody writes, and the last transactions have rolled back. Nobody waits for that to be on
   * the disk, so their ids are given out again after the crash.
   *
   * @param look what readers do in that moment
   */
  async forget(transactions, look) {
    try {
      const [quiet, session] = [await Session.open(this.port, this.host), await Session.open(this.port, this.host)];
      await quiet.run("SET lock_timeout = '2s'; BEGIN; LOCK TABLE thread, thread_member, message_read IN EXCLUSIVE MODE");
      await session.run("BEGIN; SELECT pg_current_xact_id(); ROLLBACK;".repeat(transactions));
      await Promise.race([look(), pause(LOOK_MS)]);
    } catch {
      // Another fault has hold of a writer: an ordinary crash.
    }
    await this.kill();
  }

  /** One of its sessions dies; it ends all others and recovers by itself. */
  async crash() {
    const session = this.children().find((pid) => /^postgres: postgres postgres /.test(read(`/proc/${pid}/cmdline`)));
    if (session) kill(session);
    await pause(100);
    while (!(await this.answers())) await pause(50);
  }

  /** A fast shutdown, as an administrator does. */
  async stop() {
    this.child.kill("SIGINT");
    await this.child.ended;
  }

  /** Statements while it is stopped. They are read line by line, and one that fails does not show in the exit code. */
  async alone(sql) {
    const [program] = this.commandLine;
    const script = 'printf "%s\\n" "$2" | "$0" --single -D "$1" postgres';
    let said = "";
    const child = this.run("sh", ["-c", script, program, this.data, sql.replace(/\s+/g, " ")], { heard: (text) => (said += text) });
    if ((await child.ended) !== 0 || /ERROR|FATAL/.test(said)) throw new Error(`PostgreSQL refused a statement, see ${this.log}`);
  }

  children() {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => Number(read(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ")[1]) === this.child.pid);
  }
}

function kill(pid, signal = "SIGKILL") {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function isAlive(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== "" && !/\) Z/.test(stat);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
