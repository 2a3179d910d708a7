/** What processes, Redis and the nodes' own meters say. */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";

/** As the kernel counts; `getconf CLK_TCK` is 100 on every Linux. */
const TICKS = 100;

function stat(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), own: (user + system) / TICKS, ended: (childUser + childSystem) / TICKS };
  } catch {
    return { parent: -1, own: 0, ended: 0 };
  }
}

/** Seconds of CPU that a process took. */
export const cpuOf = (pid) => stat(pid).own;

/** The same, with its children. */
export function cpuOfFamily(pid) {
  const { own, ended } = stat(pid);
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(stat).filter(({ parent }) => parent === pid);
  return own + ended + children.reduce((sum, child) => sum + child.own, 0);
}

/** Seconds of CPU that everything on this machine took. */
export function cpuOfMachine() {
  const [user, nice, system, , , irq, softirq] = readFileSync("/proc/stat", "utf8").split("\n")[0].split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

/** INFO of a Redis. What asking costs is left out of the bytes. */
export class RedisMeter {
  static async open(port) {
    const meter = new RedisMeter(connect(port, "127.0.0.1"));
    await once(meter.socket, "connect");
    return meter;
  }

  constructor(socket) {
    this.socket = socket;
    this.received = "";
    Object.assign(this, { asked: 0, answered: 0 });
    socket.setEncoding("latin1").on("data", (text) => (this.received += text)).on("error", () => {});
  }

  async read() {
    const question = "*3\r\n$4\r\nINFO\r\n$5\r\nstats\r\n$3\r\ncpu\r\n";
    this.socket.write(question);
    this.asked += question.length;
    const answeredBefore = this.answered;
    const text = await this.answer();
    const value = (name) => Number(new RegExp(`^${name}:(.*)\r$`, "m").exec(text)[1]);
    return {
      cpu: value("used_cpu_user") + value("used_cpu_sys"),
      in: value("total_net_input_bytes") - this.asked,
      out: value("total_net_output_bytes") - answeredBefore,
      commands: value("total_commands_processed"),
    };
  }

  async answer() {
    for (;;) {
      const head = /^\$(\d+)\r\n/.exec(this.received);
      const end = head && head[0].length + Number(head[1]) + 2;
      if (end && this.received.length >= end) {
        const text = this.received.slice(0, end);
        this.received = this.received.slice(end);
        this.answered += end;
        return text;
      }
      await once(this.socket, "data");
    }
  }

  close() {
    this.socket.destroy();
  }
}

/** The nodes' meters of hints, and what was found in the database only. */
export async function hintsOf(internalPort) {
  const text = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
  const sum = (name) => [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, "gm"))].reduce((all, [, n]) => all + Number(n), 0);
  return {
    sent: sum("cove_hints_sent_total"),
    received: sum("cove_hints_received_total"),
    dropped: sum("cove_hints_dropped_total"),
    repaired: sum("cove_repaired_total"),
  };
}
