/** Our socket server as it is deployed, and the functions behind the gateway of local mode; each in a process of its own. */
import { execFileSync } from "node:child_process";
import { launch, pause } from "../../local/src/test/faults/program.mjs";
import { PROJECT } from "../google.mjs";
import { residentBytesOutside } from "./machine.mjs";

const PATIENCE_MS = 60_000;
/** That of the task in deploy/fargate.yaml, which a JVM sees there by itself. */
const MEMORY = "-XX:MaxRAM=2g";
/** Lambda's: docs/lambda.md. A gateway that calls functions all the time has the better compiler, too. */
const FUNCTIONS = ["-XX:MaxRAM=2g", "-XX:+UseSerialGC"];

/** Thousands of people come from one address here, and send more than people do. */
const LIMITS = Object.fromEntries(
  ["EVENTS_PER_SECOND", "EVENT_BURST", "USER_EVENTS_PER_SECOND", "USER_EVENT_BURST", "HANDSHAKES_PER_SECOND", "HANDSHAKE_BURST",
    "MAX_CONNECTIONS_PER_USER", "MAX_CONNECTIONS_PER_ADDRESS"].map((name) => [`SOCKET_${name}`, 1_000_000]));

class Jvm {
  /** @param options of the JVM, and what it runs */
  constructor({ name, folder, programs, options, environment, google, within }) {
    Object.assign(this, { name, environment, google, jcmd: programs.jcmd });
    this.log = `${folder}/${name}.out`;
    this.command = [...within, ...programs.jvm, ...google.jvm, ...options];
  }

  /** Starts it and waits until it answers. */
  async start() {
    const [command, ...parameters] = this.command;
    const child = launch(command, parameters, { log: this.log, environment: this.environment });
    this.child = child;
    for (const deadline = Date.now() + PATIENCE_MS; ; await pause(20)) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${this.name} does not start, see ${this.log}`);
      const answer = await fetch(this.lives).catch(() => undefined);
      if (answer && answer.status < 500) return;
    }
  }

  async end(signal = "SIGTERM") {
    this.child.kill(signal);
    await this.child.ended;
  }

  get pid() {
    return this.child.pid;
  }
}

export class Cove extends Jvm {
  constructor({ ports: [port, internal], databaseUrl, programs, drainMs, ...place }) {
    super({
      name: "cove",
      options: [...programs.image, MEMORY, ...programs.socket],
      environment: { ...LIMITS, DATABASE_URL: databaseUrl, FIREBASE_PROJECT_ID: PROJECT, HOOK_SECRET: "only-for-the-bench",
        SOCKET_PORT: port, SOCKET_HOST: "127.0.0.1", INTERNAL_PORT: internal, ...(drainMs && { SOCKET_DRAIN_MS: drainMs }) },
      programs,
      ...place,
    });
    this.port = port;
    this.internal = internal;
    this.lives = `http://127.0.0.1:${port}/live`;
  }

  /** Bytes of objects made so far: those of collections, and what of Eden was filled since the last. */
  async allocated() {
    const text = await (await fetch(`http://127.0.0.1:${this.internal}/metrics`)).text();
    const value = (pattern) => Number(new RegExp(`^${pattern} (.*)$`, "m").exec(text)[1]);
    return value("jvm_gc_memory_allocated_bytes_total") + value('jvm_memory_used_bytes\\{area="heap",id="[^"]*Eden Space"\\}');
  }

  /**
   * Bytes in use: of the heap, what something still refers to, and all of the process outside of it. What of a heap was filled once stays
   * resident, however little of it is in use: how much that is, is a setting's doing and no connection's.
   */
  bytesInUse() {
    const ask = (what) => execFileSync(this.jcmd, [String(this.pid), what], { stdio: ["ignore", "pipe", "ignore"] }).toString();
    ask("GC.run");
    ask("GC.run");
    const heap = ask("GC.heap_info");
    // Of each generation: "Tenured    total 258048K, used 3054K"; "garbage-first heap   total reserved 839680K, committed 65536K, used 3954K".
    const live = [...heap.matchAll(/^\s?\S.*total .*used (\d+)K/gm)].reduce((sum, [, used]) => sum + Number(used) * 1024, 0);
    const addresses = [...heap.matchAll(/0x[0-9a-f]{8,}/g)].map(BigInt).sort((a, b) => (a < b ? -1 : 1));
    return live + residentBytesOutside(this.pid, { from: addresses[0], to: addresses.at(-1) });
  }
}

export class CoveFunctions extends Jvm {
  constructor({ ports: [port], databaseUrl, programs, drainMs: _, ...place }) {
    super({ name: "cove-functions", options: [...FUNCTIONS, ...programs.functions, String(port)],
      environment: { DATABASE_URL: databaseUrl, FIREBASE_PROJECT_ID: PROJECT }, programs, ...place });
    this.port = port;
    this.lives = `http://127.0.0.1:${port}/threads`;
  }
}
