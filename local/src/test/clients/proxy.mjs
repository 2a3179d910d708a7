/** What may stand between a client and its server, or between two parts: a network that fails as told. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setImmediate as turn, setTimeout as elapse } from "node:timers/promises";

export class Proxy {
  static async to(t, server) {
    const proxy = new Proxy(server);
    await proxy.listen();
    t.after(() => proxy.close());
    return proxy;
  }

  /**
   * @param server where connections go: its port, its host where that is not this one, and from which of our addresses; may be
   *   changed for those to come
   */
  constructor(server) {
    this.server = server;
    this.lines = new Set();
    this.silent = false;
    this.refuses = false;
    this.holdsPolls = false;
    this.rate = Infinity;
    this.delay = 0;
    this.webSocketLimit = Infinity;
    this.passed = 0;
  }

  get port() {
    return this.listener.address().port;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen() {
    this.listener = createServer((client) => (this.refuses ? client.destroy() : this.lines.add(new Line(this, client))));
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
    this.refuses = false;
    this.holdsPolls = false;
    this.rate = Infinity;
    this.delay = 0;
    this.lines.forEach((line) => line.resume());
    this.holdWebSockets(Infinity);
  }

  /** Every connection ends, and so does each new one, until resume. */
  refuse() {
    this.refuses = true;
    this.cut();
  }

  /** From now on the server's answers pass with this many bytes a second on each connection, until resume. */
  slow(rate) {
    this.rate = rate;
  }

  /** From now on everything passes this many milliseconds after it came, in either direction, until resume. */
  lag(ms) {
    this.delay = ms;
  }

  /**
   * Stops websockets on the way to the server.
   * @param step the last that passes: 0 nothing at all, 1 the request, 2 the probe
   */
  holdWebSockets(step = 0) {
    this.webSocketLimit = step;
    this.lines.forEach((line) => line.advance());
  }

  /** The server's answers to polls wait, those that are open and those to come, until resume. */
  holdPolls() {
    this.holdsPolls = true;
    this.lines.forEach((line) => line.holdPoll());
  }

  /** Waits until nothing has passed for a while: every poll has arrived and waits. */
  async quiet(ms = 200) {
    for (let before = -1; before !== this.passed; ) {
      before = this.passed;
      await elapse(ms);
      // What arrived while this process was busy with something else has not passed yet.
      await turn();
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

  /** Every connection ends in the middle of what passes next, in either direction: half of it arrives. */
  cutInFrame() {
    this.lines.forEach((line) => (line.lastPiece = true));
  }

  close() {
    this.cut();
    return new Promise((resolve) => this.listener.close(resolve));
  }
}

const whereTo = ({ port, host = "127.0.0.1", from }) => ({ port, host, localAddress: from });

/** One connection through the proxy. */
class Line {
  constructor(proxy, client) {
    this.proxy = proxy;
    this.client = client;
    this.kept = [];
    this.passed = 0;
    /** What is under way to each end, the first first. */
    this.underWay = new Map();
    this.watch(client, (bytes) => this.fromClient(bytes));
    if (proxy.silent) this.pause();
  }

  watch(end, receive) {
    end.setNoDelay(true);
    end.on("data", receive).on("error", () => this.over(() => this.end())).on("close", () => this.over(() => this.finish()));
  }

  /** One end is gone; the other one learns of it unless the network is silent. */
  over(close) {
    if (this.proxy.silent) this.atResume ??= close;
    else close();
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
    if (!this.upstream) {
      this.upstream = connect(whereTo(this.proxy.server));
      this.watch(this.upstream, (answer) => this.toClient(answer));
      if (this.proxy.holdsPolls) this.holdPoll();
    }
    this.pass(bytes, this.upstream);
  }

  toClient(answer) {
    this.pass(answer, this.client);
    if (this.proxy.rate === Infinity) return;
    this.upstream.pause();
    setTimeout(() => this.proxy.silent || this.upstream.resume(), (answer.length * 1_000) / this.proxy.rate);
  }

  pass(bytes, end) {
    this.proxy.passed += 1;
    if (this.finished) return;
    if (!this.lastPiece) {
      this.later(end, () => end.write(bytes));
      return;
    }
    this.later(end, () => end.write(bytes.subarray(0, Math.ceil(bytes.length / 2))));
    this.finish();
  }

  /** Does something to an end after the delay, and after all that is under way to it. */
  later(end, action) {
    const { delay } = this.proxy;
    const queue = this.underWay.get(end) ?? [];
    if (delay === 0 && queue.length === 0) {
      action();
      return;
    }
    queue.push({ action, due: Date.now() + delay });
    this.underWay.set(end, queue);
    if (queue.length === 1) this.arrive(queue);
  }

  arrive(queue) {
    setTimeout(() => {
      queue.shift().action();
      if (queue.length > 0) this.arrive(queue);
    }, queue[0].due - Date.now());
  }

  pause() {
    this.client.pause();
    this.upstream?.pause();
  }

  holdPoll() {
    if (!this.webSocket) this.upstream?.pause();
  }

  resume() {
    this.client.resume();
    this.upstream?.resume();
    this.atResume?.();
  }

  /** Both ends close once what was given to them is gone. */
  finish() {
    if (this.finished) return;
    this.finished = true;
    this.proxy.lines.delete(this);
    for (const end of [this.client, this.upstream]) if (end) this.later(end, () => end.destroySoon());
  }

  end() {
    this.proxy.lines.delete(this);
    this.client.destroy();
    this.upstream?.destroy();
  }
}
