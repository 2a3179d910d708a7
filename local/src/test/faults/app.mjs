/**
 * Apps that people read with, each with the library as it comes, and each recording what it showed.
 *
 * "plain" relies on the library's own connection state recovery: after a recovered reconnect it goes on, otherwise it
 * begins with an empty screen. "cursor" asks `sync` after each connect and drops what it has. "poller" only polls REST.
 */
import { io } from "socket.io-client";
import { View } from "./history.mjs";
import { pause } from "./program.mjs";

const PATIENCE = 5_000;
/** What is no fault of the server's while others fail; `reset` costs a new start, and is counted. */
const EXPECTED = new Set(["unavailable", "rate_limited", "no_answer", "reset"]);
const LIST = { limit: 100 };

class Reader {
  /** @param world {history, rest, random, faults} */
  constructor(world, { uid, name, kind }) {
    Object.assign(this, { world, uid, name, kind, closed: false });
    this.random = world.random.fork(name);
    /** Newest message seen in each thread: what is marked as read. */
    this.newest = new Map();
  }

  /** Calls until there is an answer, or nobody wants it any more. */
  async ask(what, call, wanted = () => true) {
    while (!this.closed && wanted()) {
      const { ok, code, answer } = await call();
      if (ok) return wanted() ? answer : undefined;
      this.refused(what, code);
      await pause(200 + this.random.int(0, 200));
    }
    return undefined;
  }

  get(path, query, wanted) {
    return this.ask(path, async () => {
      const { status, body } = await this.world.rest.get(this.uid, path, query);
      return { ok: status === 200, code: body.code, answer: body };
    }, wanted);
  }

  refused(what, code) {
    this.world.history.refusals.push({ reader: this.name, what, code, expected: EXPECTED.has(code) });
  }

  /** The list of threads; its cursor is where a sync goes on. */
  async list(view, wanted) {
    const answer = await this.get("/threads", LIST, wanted);
    if (!answer) return undefined;
    for (const thread of answer.threads) this.told(thread);
    view.listed(answer.threads);
    return answer;
  }

  saw({ id, threadId, seq }) {
    if (seq > (this.newest.get(threadId)?.seq ?? 0)) this.newest.set(threadId, { id, seq });
  }

  /** One app's questions are asked one after the other, whoever answers: what they tell never goes back. */
  told(thread) {
    this.world.history.listed(this, `asked ${this.name}`, thread);
  }

  /** Takes a page of sync. */
  page(view, answer) {
    for (const thread of answer.threads) this.told(thread);
    for (const message of answer.messages) {
      view.message("sync", message);
      this.saw(message);
    }
  }
}

/** An app with a socket. */
export class SocketApp extends Reader {
  /** @param network its own proxy */
  constructor(world, { transports, network, ...who }) {
    super(world, who);
    Object.assign(this, { transports, network });
  }

  async open() {
    if (this.kind === "cursor") await this.startOver();
    this.socket = io(this.network.url, {
      forceNew: true,
      transports: this.transports,
      timeout: 4_000,
      reconnectionDelay: 150,
      reconnectionDelayMax: 1_000,
      auth: (give) => give({ token: this.world.tokenOf(this.uid) }),
    });
    this.socket.on("connect", () => this.connected());
    this.socket.on("disconnect", (reason) => this.disconnected(reason));
    this.socket.on("connect_error", (error) => this.connectError(error));
    this.socket.on("new_message", ({ message }) => this.message(message));
    this.socket.on("message_read", (event) => this.read(event));
    this.socket.on("thread_created", ({ thread }) => this.created(thread));
  }

  connected() {
    const { recovered } = this.socket;
    if (this.left) {
      this.world.history.reconnects.push({
        reader: this.name, recovered, reason: this.left.reason, fault: this.left.fault, at: Date.now(),
        node: this.network.server.node.name,
      });
    }
    const fresh = this.kind === "plain" && !(recovered && this.view);
    if (fresh) this.begin();
    this.view.step("connected", { recovered });
    if (fresh) this.readBase(this.view);
    if (this.kind === "cursor") this.catchUp();
  }

  /** A screen with nothing on it. */
  begin() {
    if (this.view) this.view.open = false;
    this.view = new View(this.world.history, this);
  }

  disconnected(reason) {
    this.losses = (this.losses ?? 0) + 1;
    this.left = { reason, fault: this.world.faults.of(this) };
    this.view?.step("disconnected", { reason });
  }

  /** The library does not come back by itself from a refusal of the server's. */
  connectError(error) {
    if (this.socket.active) return;
    this.refused("connect", error.data?.code ?? error.message);
    setTimeout(() => this.closed || this.socket.connect(), 500);
  }

  message(message) {
    this.view.message("live", message);
    this.saw(message);
  }

  read({ threadId, userId, messageId, lastReadSeq }) {
    this.view.step("read", { threadId, userId, messageId, seq: lastReadSeq });
    this.world.history.watermark(this.view.channel, threadId, userId, lastReadSeq);
  }

  created(thread) {
    this.view.step("created", { threadId: thread.id });
  }

  /** What a fresh plain app shows first: the list, and a thread of it. */
  async readBase(view) {
    const current = () => view.open;
    const list = await this.list(view, current);
    const thread = list && this.random.pick(list.threads);
    if (!thread) return;
    const page = await this.get("/thread-messages", { threadId: thread.id }, current);
    if (!page) return;
    const seqs = page.messages.map(({ seq }) => seq);
    this.world.history.pages.push({ reader: this.name, threadId: thread.id, listed: thread.lastSeq, seqs });
  }

  async startOver() {
    this.begin();
    const { view } = this;
    const list = await this.list(view, () => view.open);
    this.cursor = list?.cursor;
  }

  /** Catches up over this connection; another connection does it anew, from where this one came to. */
  async catchUp() {
    const { id } = this.socket;
    const still = () => this.socket.id === id && this.socket.connected;
    for (let more = true; more; ) {
      const answer = await this.ask("sync", () => this.emit("sync", { cursor: this.cursor }), still);
      if (!answer || !still()) return;
      if (answer.reset) {
        this.refused("sync", "reset");
        await this.startOver();
        this.view.step("connected", { recovered: false });
        continue;
      }
      this.page(this.view, answer);
      this.view.step("page");
      this.cursor = answer.cursor;
      more = answer.hasMore;
    }
    this.view.step("synced");
  }

  /** Emits an event and waits for its acknowledgement. */
  async emit(event, payload) {
    try {
      const answer = await this.socket.timeout(PATIENCE).emitWithAck(event, payload);
      return { ok: answer.ok, code: answer.error?.code, answer };
    } catch {
      return { ok: false, code: "no_answer" };
    }
  }

  /** The last word: what happened until now is shown, unless it was lost. */
  async finish() {
    if (this.kind === "cursor") await this.catchUp();
  }

  close() {
    this.closed = true;
    this.socket.disconnect();
  }
}

/** An app that polls. */
export class Poller extends Reader {
  constructor(world, { interval, ...who }) {
    super(world, { ...who, kind: "poller" });
    this.interval = interval;
  }

  async open() {
    await this.startOver();
    this.polling = this.poll();
  }

  async startOver() {
    if (this.view) this.view.open = false;
    this.view = new View(this.world.history, this);
    this.cursor = (await this.list(this.view))?.cursor;
  }

  async poll() {
    while (!this.closed && !this.finishing) {
      await this.look();
      await pause(this.random.int(this.interval / 2, this.interval * 1.5));
    }
  }

  /** Polls, once what it may be asking just now is answered. */
  look() {
    this.turn = (this.turn ?? Promise.resolve()).then(() => this.closed || this.catchUp());
    return this.turn;
  }

  async catchUp() {
    for (let more = true; more; ) {
      const answer = await this.get("/sync", { cursor: this.cursor });
      if (!answer) return;
      if (answer.reset) {
        this.refused("sync", "reset");
        await this.startOver();
        return;
      }
      this.page(this.view, answer);
      this.view.step("page");
      this.cursor = answer.cursor;
      more = answer.hasMore;
    }
    this.view.step("synced");
  }

  /** Polls a last time. */
  async finish() {
    this.finishing = true;
    await this.polling;
    await this.look();
  }

  close() {
    this.closed = true;
  }
}
