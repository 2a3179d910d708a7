/**
 * Who writes: people send through both doors, repeat what was not answered with the same clientMessageId, mark messages
 * read from several devices, and begin new threads.
 */
import { pause } from "./program.mjs";

const EXPECTED = new Set(["unavailable", "rate_limited", "no_answer"]);
const MAX_OPEN = 300;
const MAX_NEW_THREADS = 60;
const TEXT = "All work and no play makes Jack a dull boy. ";

export class Writers {
  /**
   * @param apps by user: the apps with a socket
   * @param rates a second: {sends, marks, threads}
   */
  constructor(world, apps, rates) {
    Object.assign(this, { world, apps, rates });
    this.users = [...apps.keys()];
    this.random = world.random.fork("writers");
    this.count = 0;
    this.open = new Set();
    this.stopping = false;
    /** What can be written to: threads that somebody has an answer for. */
    this.threads = [];
  }

  start() {
    const jobs = { sends: () => this.send(), marks: () => this.mark(), threads: () => this.begin() };
    this.loops = Object.entries(jobs).map(([name, job]) => this.repeat(this.rates[name], job));
  }

  async repeat(rate, job) {
    while (!this.stopping) {
      await pause((this.random.int(500, 1_500)) / rate);
      if (this.open.size < MAX_OPEN && !this.stopping) this.run(job());
    }
  }

  run(promise) {
    this.open.add(promise);
    promise.finally(() => this.open.delete(promise));
  }

  /** Begins nothing more, and waits until all that was begun is answered; what is not by then stays without an answer. */
  async stop(patience) {
    this.stopping = true;
    await Promise.all(this.loops);
    await Promise.race([Promise.all(this.open), pause(patience)]);
    this.givenUp = true;
    return this.open.size;
  }

  /** A message, at times without an id and then sent once only, at times through both doors at once. */
  async send() {
    const thread = this.random.pick(this.threads);
    const uid = this.random.pick(thread.members);
    const number = (this.count += 1);
    const clientMessageId = this.random.chance(0.95) ? `m-${number}` : undefined;
    const length = this.random.chance(0.05) ? 3_000 : this.random.int(0, 200);
    const content = `${number} ${TEXT.repeat(Math.ceil(length / TEXT.length)).slice(0, length)}.`;
    const record = { threadId: thread.id, sender: uid, content, clientMessageId, acks: [], at: Date.now(), tries: 0 };
    this.world.history.sends.push(record);
    const doors = this.random.chance(0.1) && clientMessageId ? ["socket", "rest"] : [this.door()];
    await Promise.all(doors.map((door) => this.sendBy(door, record)));
    if (clientMessageId && record.acks.length > 0 && this.random.chance(0.03)) await this.sendOther(record);
  }

  door() {
    return this.random.chance(0.5) ? "socket" : "rest";
  }

  async sendBy(door, record) {
    const { threadId, content, clientMessageId } = record;
    for (let delay = 200; !this.givenUp; delay = Math.min(delay * 1.5, 1_500)) {
      record.tries += 1;
      const { ok, code, message, node } = await this.try(door, record.sender, { threadId, content, clientMessageId });
      if (ok) {
        record.acks.push({ id: message.id, seq: message.seq, content: message.content, door, at: Date.now() });
        return;
      }
      this.refused(record.sender, `send by ${door}`, code, EXPECTED, node);
      if (!clientMessageId || !EXPECTED.has(code)) return;
      await pause(delay);
      if (this.random.chance(0.3)) door = this.door();
    }
  }

  /** The same id with other content: refused, and nothing of it is stored. */
  async sendOther({ sender, threadId, clientMessageId }) {
    const door = this.door();
    const { ok, code } = await this.try(door, sender, { threadId, content: "something else", clientMessageId });
    this.refused(sender, `other content by ${door}`, ok ? "accepted" : code, new Set([...EXPECTED, "conflict"]));
  }

  async try(door, uid, payload) {
    if (door === "rest") {
      const { status, body } = await this.world.rest.call(uid, "POST", "/send-message", payload);
      return { ok: status === 200 || status === 201, code: body.code, message: body.message };
    }
    const app = this.app(uid);
    const node = app.network.server.node.name;
    const { ok, code, answer } = await app.emit("send_message", payload);
    return { ok, code, message: answer?.message, node };
  }

  /** One of the user's devices. */
  app(uid) {
    return this.random.pick(this.apps.get(uid));
  }

  /** Somebody reads a thread as far as one of the devices shows it, or a little less. */
  async mark() {
    const uid = this.random.pick(this.users);
    const app = this.app(uid);
    const seen = [...app.newest];
    if (seen.length === 0) return;
    const [threadId, { id: messageId, seq }] = this.random.pick(seen);
    const record = { uid, threadId, seq, messageId, acknowledged: false };
    this.world.history.marks.push(record);
    const door = this.door();
    const { ok, code } = door === "socket" ? await app.emit("mark_read", { messageId }) : await this.markByRest(uid, messageId);
    record.acknowledged = ok;
    if (!ok) this.refused(uid, `mark by ${door}`, code, EXPECTED);
  }

  async markByRest(uid, messageId) {
    const { status, body } = await this.world.rest.call(uid, "POST", "/mark-message-read", { messageId });
    return { ok: status === 200, code: body.code };
  }

  async begin() {
    if (this.world.history.threads.length >= MAX_NEW_THREADS) return;
    const [uid, ...others] = this.random.shuffled(this.users).slice(0, this.random.int(2, 5));
    await this.create(uid, others, `thread ${(this.count += 1)}`);
  }

  /** A new thread; it can be written to once there is an answer. */
  async create(uid, others, title) {
    const record = { id: null, title, members: [uid, ...others].sort(), at: Date.now() };
    this.world.history.threads.push(record);
    const { status, body } = await this.world.rest.call(uid, "POST", "/create-thread", { participantIds: others, title });
    if (status === 201 || status === 200) {
      record.id = body.thread.id;
      this.threads.push(record);
    } else {
      this.refused(uid, "create-thread", body.code, EXPECTED);
    }
    return record;
  }

  /** @param node which one said so, where it is known */
  refused(reader, what, code, expected, node) {
    this.world.history.refusals.push({ reader, what, code, expected: expected.has(code), node, at: Date.now() });
  }
}
