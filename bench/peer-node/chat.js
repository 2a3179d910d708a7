/** What people do, whichever door they come through. */
import * as cursors from "./cursor.js";
import { Refusal } from "./refusal.js";
import { pageOf } from "./views.js";

const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_POINTS = 4_000;

const require = (holds, message) => {
  if (!holds) throw new Refusal("invalid_request", message);
};

const isText = (value) => typeof value === "string" && value.length > 0 && value.length <= 128;

function isContent(text) {
  return typeof text === "string" && text.trim() !== "" && !text.includes("\0") && text.isWellFormed()
    && (text.length <= MAX_POINTS || [...text].length <= MAX_POINTS);
}

function number(value, fallback, least, most, name) {
  if (value === undefined || value === null) return fallback;
  const parsed = Number(value);
  require(Number.isInteger(parsed) && parsed >= least && parsed <= most, `${name} must be a number from ${least} to ${most}.`);
  return parsed;
}

export class Chat {
  /** @param tell what everybody in a thread is told: (threadId, event, payload) */
  constructor(store, tell) {
    Object.assign(this, { store, tell, sending: new Map() });
  }

  /** @returns {isNew, message} once it is committed */
  async send(user, { threadId, content, clientMessageId } = {}) {
    require(isText(threadId), "threadId must be the id of a thread.");
    require(isContent(content), "content must be 1 to 4,000 characters, not blank.");
    require(clientMessageId === undefined || clientMessageId === null || CLIENT_ID.test(clientMessageId), "clientMessageId has a form.");
    return this.inTurn(threadId, () => this.store.send(user, { threadId, content, clientMessageId }));
  }

  /**
   * One at a time in a thread: its row is locked until the commit anyway, whoever waits for it would keep a connection from others, and
   * members are told in the order of seq.
   */
  inTurn(threadId, store) {
    const mine = (this.sending.get(threadId) ?? Promise.resolve()).then(store).then((sent) => {
      if (sent.isNew) process.nextTick(() => this.tell(threadId, "new_message", { message: sent.message }));
      return sent;
    });
    const settled = mine.catch(() => {}).then(() => {
      if (this.sending.get(threadId) === settled) this.sending.delete(threadId);
    });
    this.sending.set(threadId, settled);
    return mine;
  }

  async read(user, { messageId } = {}) {
    require(isText(messageId), "messageId must be the id of a message.");
    const { lastReadSeq, ...reading } = await this.store.read(user, messageId);
    this.tell(reading.threadId, "message_read", { ...reading, lastReadSeq });
    return reading;
  }

  async threads(user, { limit, page } = {}) {
    const wanted = number(limit, 20, 1, 100, "limit");
    const cursor = cursors.fromNow();
    const { page: threads, hasMore } = pageOf(await this.store.threads(user, { limit: wanted, place: cursors.listPlaceOf(page) }), wanted);
    return { threads, nextPage: hasMore ? cursors.listPlace(threads.at(-1)) : null, cursor };
  }

  async messages(user, { threadId, limit, before, after } = {}) {
    require(isText(threadId), "threadId must be the id of a thread.");
    const wanted = number(limit, 50, 1, 200, "limit");
    const rows = await this.store.messages(user, {
      threadId, limit: wanted,
      before: number(before, undefined, 0, 2 ** 31 - 1, "before"), after: number(after, undefined, 0, 2 ** 31 - 1, "after"),
    });
    const { page: messages, hasMore } = pageOf(rows, wanted);
    return { messages, nextCursor: hasMore ? messages.at(-1).seq : null, hasMore };
  }

  /** A page of what changed: first the threads, then their messages. */
  async sync(user, { cursor, limit } = {}) {
    const wanted = number(limit, 200, 1, 500, "limit");
    if (!cursor) return { reset: true, threads: [], messages: [], cursor: cursors.fromNow(), hasMore: false };
    const place = cursors.syncPlaceOf(cursor);
    const threads = place.phase === "threads" ? await this.store.changedThreads(user, { ...place, limit: wanted }) : [];
    if (threads.length === wanted) {
      return { reset: false, threads, messages: [], cursor: cursors.syncPlace({ ...place, thread: threads.at(-1).id }), hasMore: true };
    }
    const from = place.phase === "threads" ? { ...place, phase: "messages", thread: null, seq: 0 } : place;
    const room = wanted - threads.length;
    const { page: messages, hasMore } = pageOf(await this.store.changedMessages(user, { ...from, limit: room + 1 }), room);
    const last = messages.at(-1);
    return {
      reset: false, threads, messages,
      cursor: hasMore ? cursors.syncPlace({ ...from, thread: last.threadId, seq: last.seq }) : cursors.syncDone(from),
      hasMore,
    };
  }
}
