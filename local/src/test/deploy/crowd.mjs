/**
 * A process full of people who chat, each with the library as it comes: nothing is asked again, and nothing is caught up but by
 * the connection itself. Told what to do by its parent, in messages {task, ...}.
 */
import { io } from "socket.io-client";
import { pause } from "../faults/program.mjs";
import { Random } from "../faults/random.mjs";
import { PROJECT } from "../faults/system.mjs";
import { tokensOf } from "../clients/tokens.mjs";

const ACK_MS = 10_000;
const BEHIND_MS = 15_000;
const SHOWN = 20;
const tokenOf = tokensOf(PROJECT);
const nobody = () => {};

/** One person with one device. */
class Person {
  constructor(crowd, { uid, transports }) {
    Object.assign(this, { crowd, uid, transports, threads: new Map(), own: new Map() });
  }

  open(url) {
    this.socket = io(url, { forceNew: true, transports: this.transports, auth: (give) => give({ token: tokenOf(this.uid) }) });
    this.socket.on("new_message", ({ message }) => this.message(message));
    this.socket.on("disconnect", (reason) => this.disconnected(reason));
    this.socket.on("connect", () => this.connected());
    this.socket.io.on("reconnect_attempt", () => (this.attempts += 1));
    return new Promise((resolve) => this.socket.once("connect", resolve));
  }

  disconnected(reason) {
    Object.assign(this, { attempts: 0, left: { at: Date.now(), reason } });
  }

  connected() {
    if (!this.left) return;
    const { at: left, reason } = this.left;
    this.crowd.reconnects.push({ left, at: Date.now(), reason, attempts: this.attempts, recovered: this.socket.recovered });
  }

  /** Every message once, in the order of seq. */
  message({ id, threadId, seq, senderId, clientMessageId }) {
    this.crowd.deliveries += 1;
    const thread = this.thread(threadId);
    if (seq <= thread.last) this.crowd.violated("repeated", `${this.uid} got seq ${seq} of ${threadId} after ${thread.last}`);
    else if (seq > thread.last + 1) this.crowd.violated("missed", `${this.uid} got seq ${seq} of ${threadId} after ${thread.last}`);
    thread.last = Math.max(thread.last, seq);
    thread.digest = digest(thread.digest, `${seq} ${id}`);
    if (senderId === this.uid) this.own.set(clientMessageId, `${seq} ${id}`);
  }

  thread(threadId) {
    if (!this.threads.has(threadId)) this.threads.set(threadId, { last: 0, digest: 0 });
    return this.threads.get(threadId);
  }

  /** Sends until it is acknowledged, with the same id. */
  async send(threadId, clientMessageId) {
    const payload = { threadId, content: `Message ${clientMessageId}`, clientMessageId };
    const record = { at: Date.now(), tries: 0, threadId };
    this.crowd.sends.push(record);
    while (!record.acknowledged && !this.crowd.givenUp) {
      record.tries += 1;
      const { left } = this;
      const answer = await this.socket.timeout(ACK_MS).emitWithAck("send_message", payload).catch(nobody);
      if (answer?.ok) this.acknowledged(record, clientMessageId, answer.message);
      else if (answer) this.crowd.violated("refused", `a send of ${this.uid} was answered ${answer.error.code}`);
      else if (left === this.left) this.crowd.violated("unanswered", `a send of ${this.uid} was not answered`);
      if (!answer?.ok) await pause(answer ? 200 : 0);
    }
  }

  acknowledged(record, clientMessageId, { id, seq }) {
    Object.assign(record, { acknowledged: Date.now(), seq });
    this.crowd.claims.push({ person: this, clientMessageId, what: `${seq} ${id}` });
  }
}

class Crowd {
  constructor({ people, seed, rate }) {
    this.people = people.map((person) => new Person(this, person));
    Object.assign(this, { rate, random: new Random(seed, people[0].uid), count: 0, deliveries: 0, violations: [] });
    Object.assign(this, { reconnects: [], sends: [], claims: [], open: new Set() });
  }

  violated(kind, text) {
    this.violations.push({ kind, text });
  }

  async connect(url, perSecond) {
    const opened = [];
    for (const person of this.people) {
      opened.push(person.open(url));
      await pause(1_000 / perSecond);
    }
    await Promise.all(opened);
  }

  /** Everybody writes to any of their threads, at random times. */
  async chat(threads) {
    const own = new Map(this.people.map(({ uid }) => [uid, []]));
    for (const { id, members } of threads) members.forEach((uid) => own.get(uid)?.push(id));
    for (this.chatting = true; this.chatting; await pause(this.random.int(500, 1_500) / this.rate)) {
      const person = this.random.pick(this.people);
      const sent = person.send(this.random.pick(own.get(person.uid)), `${person.uid}-${(this.count += 1)}`);
      this.open.add(sent);
      sent.then(() => this.open.delete(sent));
    }
  }

  /** Until everything is answered. */
  async quiet() {
    this.chatting = false;
    await Promise.race([Promise.all(this.open), pause(ACK_MS * 2)]);
    this.givenUp = true;
  }

  /** Waits until everybody has what there is; what is not there by then is missing. */
  async results(ends) {
    const behind = () => this.people.some((person) => (ends[person.uid] ?? []).some(([id, last]) => person.thread(id).last < last));
    for (const deadline = Date.now() + BEHIND_MS; behind() && Date.now() < deadline; ) await pause(100);
    for (const { person, clientMessageId, what } of this.claims) {
      const shown = person.own.get(clientMessageId);
      if (shown !== what) this.violated("differs", `${clientMessageId} was acknowledged as ${what} and came as ${shown}`);
    }
    const { reconnects, sends, deliveries, violations } = this;
    const shown = this.people.flatMap(({ uid, threads }) => [...threads].map(([threadId, state]) => ({ uid, threadId, ...state })));
    return { reconnects, sends, deliveries, shown, broken: violations.length, violations: violations.slice(0, SHOWN) };
  }
}

function digest(before, text) {
  let value = before ^ 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value | 0;
}

let crowd;
const TASKS = {
  gather: async (given) => void (crowd = new Crowd(given)),
  connect: ({ url, perSecond }) => crowd.connect(url, perSecond),
  chat: async ({ threads }) => void crowd.chat(threads),
  count: async () => ({ connected: crowd.people.filter(({ socket }) => socket.connected).length, deliveries: crowd.deliveries }),
  quiet: async () => {
    await crowd.quiet();
    return { sends: crowd.sends };
  },
  finish: ({ ends }) => crowd.results(ends),
};
process.on("message", async ({ task, ...given }) => process.send({ task, answer: await TASKS[task](given) }));
process.on("disconnect", () => process.exit());
