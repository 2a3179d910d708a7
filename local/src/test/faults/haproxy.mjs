/** HAProxy in front of the socket servers, as docs/haproxy.cfg says, on ports of this machine. */
import { readFileSync, writeFileSync } from "node:fs";
import { freePorts, launch, pause } from "./program.mjs";

const EXAMPLE = new URL("../../../../docs/haproxy.cfg", import.meta.url);
const PATIENCE = 15_000;

export class HAProxy {
  /** @param nodes as many as the example has, or less */
  constructor(folder, nodes) {
    Object.assign(this, { folder, nodes, log: `${folder}/haproxy.out` });
  }

  async start() {
    [this.port, this.statistics] = await freePorts(2);
    const file = `${this.folder}/haproxy.cfg`;
    writeFileSync(file, this.configuration());
    this.child = launch("haproxy", ["-db", "-f", file], { log: this.log, environment: { PATH: `${process.env.PATH}:/usr/sbin` } });
    this.child.on("error", (failure) => (this.failure = failure));
    for (const deadline = Date.now() + PATIENCE; !(await this.serversUp()).every(Boolean); await pause(50)) {
      if (this.failure || this.child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`HAProxy does not start (is it installed?), see ${this.log}`, { cause: this.failure });
      }
    }
  }

  configuration() {
    const nodes = [...this.nodes];
    const lines = readFileSync(EXAMPLE, "utf8").split("\n").flatMap((line) => {
      if (/^ +bind /.test(line)) return [`    bind 127.0.0.1:${this.port}`];
      if (!/^ +server /.test(line)) return [line];
      const node = nodes.shift();
      return node ? [line.replace(/\d+\.\d+\.\d+\.\d+:\d+/, `127.0.0.1:${node.settings.SOCKET_PORT}`)] : [];
    });
    const used = lines.filter((line) => !/use-server/.test(line) || Number(line.match(/(\d+) }$/)[1]) <= this.nodes.length);
    const statistics = ["frontend statistics", `    bind 127.0.0.1:${this.statistics}`, "    stats enable", "    stats uri /"];
    return [...used, ...statistics, ""].join("\n");
  }

  /** Whether it takes each of the nodes for one that works. */
  async serversUp() {
    try {
      const table = await (await fetch(`http://127.0.0.1:${this.statistics}/;csv`)).text();
      const rows = table.split("\n").map((row) => row.split(","));
      const status = rows[0].indexOf("status");
      return rows.filter(([backend, name]) => backend === "sockets" && name !== "BACKEND").map((row) => row[status].startsWith("UP"));
    } catch {
      return [false];
    }
  }

  async stop() {
    this.child.kill("SIGKILL");
    await this.child.ended;
  }
}
