/** Servers that a test stops and starts: ours, and Node's own to compare it with. */
import { createServer as createHttpServer } from "node:http";
import { Server } from "socket.io";
import { once } from "./app.mjs";

const control = process.env.COVE_SERVERS;
const MAX_PAYLOAD = 2 * 1024 * 1024;

/** A socket server of ours, on the database of the system; REST goes on as before. */
export class CoveServer {
  /** @param settings as in docs/configuration.md */
  constructor(settings = {}) {
    this.settings = settings;
  }

  /** One that runs until the test is over. */
  static async start(t, settings) {
    const server = new CoveServer(settings);
    await server.start();
    t.after(() => server.stop());
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, at the port it had before. */
  async start() {
    const settings = this.port ? { ...this.settings, SOCKET_PORT: this.port } : this.settings;
    this.port = Number(await command("start", JSON.stringify(settings)));
  }

  /** As SIGTERM does. */
  stop() {
    return command(`stop?${this.port}`, "");
  }

  async restart() {
    await this.stop();
    await this.start();
  }
}

async function command(path, body) {
  const response = await fetch(`${control}/${path}`, { method: "POST", body });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${path}: ${answer}`);
  return answer;
}

/** Node's socket.io, with the limits of ours and a login that refuses as ours does. */
export class NodeServer {
  /** @param settings those of ours that Node has, too */
  constructor(settings = {}) {
    this.settings = settings;
  }

  /** One that runs until the test is over. */
  static async start(t, settings) {
    const server = new NodeServer(settings);
    await server.start();
    t.after(() => server.stop());
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    const { SOCKET_PING_INTERVAL_MS: pingInterval = 25_000, SOCKET_PING_TIMEOUT_MS: pingTimeout = 20_000 } = this.settings;
    this.http = createHttpServer();
    this.io = new Server(this.http, { pingInterval, pingTimeout, maxHttpBufferSize: MAX_PAYLOAD });
    this.io.use((socket, next) => next(refusal(socket.handshake.auth.token)));
    this.http.listen(this.port ?? 0, "127.0.0.1");
    await once(this.http, "listening");
    this.port = this.http.address().port;
  }

  async stop() {
    if (!this.http.listening) return;
    await this.io.close();
  }
}

function refusal(token) {
  if (token?.includes(".")) return undefined;
  const error = new Error("unauthenticated");
  error.data = { code: "unauthenticated", message: "not for programs" };
  return error;
}
