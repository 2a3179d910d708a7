/** A program of ours in a process of its own, which can be killed, stopped and frozen, and comes back at the same ports. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
const READY = /Ctrl-C stops/;
const PATIENCE = 90_000;
/** Most of the time that a restart takes is that of the compiler. */
const QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/** All that runs now. */
const running = new Set();

/** Nothing of ours outlives us. */
export function killAll() {
  for (const child of running) child.kill("SIGKILL");
}
process.on("exit", killAll);

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a process whose output goes to a file; each line of it also to `heard`. */
export function launch(command, parameters, { log, environment = {}, heard = () => {}, input = "ignore" }) {
  const child = spawn(command, parameters, {
    cwd: REPOSITORY,
    env: { ...process.env, NODE_OPTIONS: "", ...environment },
    stdio: [input, "pipe", "pipe"],
  });
  running.add(child);
  const file = createWriteStream(log, { flags: "a" });
  for (const output of [child.stdout, child.stderr]) {
    output.on("data", (bytes) => {
      file.write(bytes);
      heard(bytes.toString());
    });
  }
  child.ended = once(child, "close").then(([code, signal]) => {
    running.delete(child);
    file.end();
    return code ?? signal;
  });
  return child;
}

/** Below those that systems give to outgoing connections: nobody takes one while its program is stopped. */
const [FIRST_PORT, LAST_PORT] = (process.env.TEST_PORTS ?? "20000-32000").split("-").map(Number);
const given = new Set();

/** Ports that were not given before. */
export async function freePorts(count) {
  const ports = [];
  while (ports.length < count) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    ports.push(port);
  }
  return ports;
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

export class Program {
  /**
   * @param main the class of com.cove.local that is run
   * @param settings variables, docs/configuration.md
   * @param within what its command begins with
   */
  constructor(name, main, folder, settings, within = []) {
    this.within = within;
    this.name = name;
    this.main = main;
    this.log = `${folder}/${name}.out`;
    this.settings = { ...settings, LOCAL_DATA: `${folder}/${name}`, JDK_JAVA_OPTIONS: QUICK };
    this.up = false;
    this.starts = 0;
  }

  /** Starts it and waits until it says that it is ready; again where it cannot start yet, as whatever supervises it would. */
  async start() {
    for (const deadline = Date.now() + PATIENCE; !(await this.startOnce()); await pause(300)) {
      if (Date.now() > deadline) throw new Error(`${this.name} does not start, see ${this.log}`);
    }
  }

  startOnce() {
    const [command, ...parameters] = [...this.within, ...this.command()];
    this.starts += 1;
    return new Promise((resolve) => {
      let said = "";
      this.child = launch(command, parameters, {
        log: this.log,
        environment: this.settings,
        heard: (text) => {
          if (this.up || !READY.test((said += text))) return;
          this.up = true;
          resolve(true);
        },
      });
      this.child.ended.then(() => {
        this.up = false;
        resolve(false);
      });
    });
  }

  /** In a build, classes that are there already; by hand, bin/cove, which builds what changed. */
  command() {
    const { COVE_JAVA: java, COVE_CLASS_PATH: classes } = process.env;
    if (!java) return ["bin/cove", this.main];
    return [java, "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-cp", classes,
      `com.cove.local.${this.main}`];
  }

  /** Signals it, and waits until it is gone. */
  async end(signal) {
    this.up = false;
    this.child.kill(signal);
    await this.child.ended;
  }

  async kill() {
    await this.end("SIGKILL");
  }

  freeze() {
    this.child.kill("SIGSTOP");
  }

  thaw() {
    this.child.kill("SIGCONT");
  }
}
