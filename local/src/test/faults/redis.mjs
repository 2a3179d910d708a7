/** Redis in a process of its own, empty whenever it starts, and what becomes of it. */
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { launch, pause } from "./program.mjs";

const PATIENCE = 10_000;

export class Redis {
  /** @param place where it runs, see System */
  constructor(folder, port, { host, within }) {
    Object.assign(this, { host, within });
    this.folder = `${folder}/redis`;
    this.log = `${folder}/redis.out`;
    this.port = port;
    mkdirSync(this.folder, { recursive: true });
  }

  async start() {
    const parameters = { port: this.port, bind: this.host, "protected-mode": "no", save: "", appendonly: "no", dir: this.folder };
    const words = Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const [program, ...rest] = [...this.within, "redis-server", ...words];
    this.child = launch(program, rest, { log: this.log });
    const missing = once(this.child, "error").then(([{ code }]) => {
      throw new Error(`redis-server does not start (${code}): is Redis 7.0 or newer on the path?`);
    });
    await Promise.race([missing, this.answers()]);
  }

  async answers() {
    for (const deadline = Date.now() + PATIENCE; ; await pause(20)) {
      try {
        await this.ask("PING");
        return;
      } catch (failure) {
        if (this.child.exitCode !== null || Date.now() > deadline) throw new Error(`Redis does not start, see ${this.log}`, { cause: failure });
      }
    }
  }

  async kill() {
    this.child.kill("SIGKILL");
    await this.child.ended;
  }

  freeze() {
    this.child.kill("SIGSTOP");
  }

  thaw() {
    this.child.kill("SIGCONT");
  }

  /** Forgets everything. */
  flush() {
    return this.ask("FLUSHALL");
  }

  /** Has no room for anything new any more. */
  fill() {
    return this.ask("CONFIG SET maxmemory 1");
  }

  /** Has room again. */
  empty() {
    return this.ask("CONFIG SET maxmemory 0");
  }

  /** A command whose answer is one line. */
  async ask(command) {
    const socket = connect(this.port, this.host);
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error("Redis is silent")));
    try {
      socket.write(`${command}\r\n`);
      const [answer] = await once(socket, "data");
      if (!answer.toString().startsWith("+")) throw new Error(`Redis: ${answer}`);
    } finally {
      socket.on("error", () => {}).destroy();
    }
  }
}
