/**
 * Servers that a test stops and starts: ours, and Node's own to compare it with; and what may stand between a client and
 * its server.
 */
import { createServer as createHttpServer } from "node:http";
import { connect, createServer } from "node:net";
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

/** A network between a client and its server, which fails as told. */
export class Proxy {
  static async to(t, server) {
    const proxy = new Proxy(server);
    await proxy.listen();
    t.after(() => proxy.close());
    return proxy;
  }

  /** @param server where connections go; may be changed for those to come */
  constructor(server) {
    this.server = server;
    this.lines = new Set();
    this.silent = false;
    this.webSocketLimit = Infinity;
    this.passed = 0;
  }

  get url() {
    return `http://127.0.0.1:${this.listener.address().port}`;
  }

  async listen() {
    this.listener = createServer((client) => this.lines.add(new Line(this, client)));
    this.listener.listen(0, "127.0.0.1");
    await once(this.listener, "listening");
  }

  /** Nothing passes any more, nothing closes: a tunnel, a pulled cable. */
  silence() {
    this.silent = true;
    this.lines.forEach((line) => line.pause());
  }

  /** What was kept passes, and all that comes. */
  resume() {
    this.silent = false;
    this.lines.forEach((line) => line.resume());
    this.holdWebSockets(Infinity);
  }

  /**
   * Stops websockets on the way to the server.
   * @param step the last that passes: 0 nothing at all, 1 the request, 2 the probe
   */
  holdWebSockets(step = 0) {
    this.webSocketLimit = step;
    this.lines.forEach((line) => line.advance());
  }

  /** Waits until nothing has passed for a while: every poll has arrived and waits. */
  async quiet(ms = 200) {
    for (let before = -1; before !== this.passed; ) {
      before = this.passed;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }

  /** True while a websocket waits. */
  get holds() {
    return [...this.lines].some((line) => line.kept.length > 0);
  }

  /** Every connection ends; new ones are taken. */
  cut() {
    this.lines.forEach((line) => line.end());
  }

  close() {
    this.cut();
    return new Promise((resolve) => this.listener.close(resolve));
  }
}

/** One connection through the proxy. */
class Line {
  constructor(proxy, client) {
    this.proxy = proxy;
    this.client = client;
    this.kept = [];
    this.passed = 0;
    this.watch(client, (bytes) => this.fromClient(bytes));
    if (proxy.silent) this.pause();
  }

  watch(end, receive) {
    end.setNoDelay(true);
    end.on("data", receive).on("error", () => this.end()).on("close", () => this.end());
  }

  fromClient(bytes) {
    this.webSocket ??= bytes.toString("latin1", 0, 500).includes("transport=websocket");
    this.kept.push(bytes);
    this.advance();
  }

  /** Passes on what may pass. */
  advance() {
    while (this.kept.length > 0 && (!this.webSocket || this.passed < this.proxy.webSocketLimit)) {
      this.toServer(this.kept.shift());
    }
  }

  toServer(bytes) {
    this.passed += 1;
    this.proxy.passed += 1;
    if (!this.upstream) {
      this.upstream = connect(this.proxy.server.port, "127.0.0.1");
      this.watch(this.upstream, (answer) => {
        this.proxy.passed += 1;
        this.client.write(answer);
      });
    }
    this.upstream.write(bytes);
  }

  pause() {
    this.client.pause();
    this.upstream?.pause();
  }

  resume() {
    this.client.resume();
    this.upstream?.resume();
  }

  end() {
    this.proxy.lines.delete(this);
    this.client.destroy();
    this.upstream?.destroy();
  }
}
