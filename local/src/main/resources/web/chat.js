/** What one can do here: the uses of the page, over REST and socket, with the store as their result. */
import { uidOf } from "./session.js";

const TYPING_EVERY_MS = 3_000;
const RETRY_MS = 2_000;
const MUTE_MS = 8 * 3_600_000;
/** Pages of 100 threads read at the start; beyond these a thread shows up when something happens in it. */
const MAX_THREAD_PAGES = 10;

export class Chat {
  #api;
  #connection;
  #store;
  #outbox;
  #visibility;
  #cursor;
  #loading;
  #catchingUp;
  #flushing = false;
  #marking = new Set();
  #typing = { threadId: undefined, at: 0 };
  #onNews;

  /** @param onNews told of each message of others that arrives */
  constructor({ api, store, outbox, visibility, connect, onNews }) {
    this.#api = api;
    this.#store = store;
    this.#outbox = outbox;
    this.#visibility = visibility;
    this.#onNews = onNews;
    this.#connection = connect(this.#handlers(), (state) => this.#connectionIs(state));
  }

  start() {
    this.#load().catch(() => {}); // without an answer now, the next connect loads
    this.connect();
  }

  /** After the first time, what was missed meanwhile is fetched. */
  connect() {
    this.#connection.open();
  }

  disconnect() {
    this.stopTyping();
    this.#connection.close();
  }

  // What the server tells

  #handlers() {
    const store = this.#store;
    return {
      new_message: ({ message }) => this.#received(message),
      message_read: ({ threadId, userId, lastReadSeq, readAt }) => store.putRead(threadId, userId, lastReadSeq, readAt),
      user_typing: ({ threadId, userId, isTyping }) => store.putTyping(threadId, userId, isTyping),
      user_online: ({ userId, online, lastSeenAt }) => store.putPresence(userId, online, lastSeenAt),
      thread_created: ({ thread }) => store.putThread(thread),
      error: ({ event, code }) => console.warn(`${event} was refused: ${code}`),
    };
  }

  #received(message) {
    if (message.senderId === this.#store.me.id) this.#outbox.remove(message.clientMessageId);
    if (!this.#store.threads.has(message.threadId)) {
      this.#catchUp(); // its thread is new to us: catching up brings both
      return;
    }
    const isNews = this.#store.putMessage(message);
    this.#closeGap(message.threadId);
    if (isNews && message.senderId !== this.#store.me.id) this.#onNews(message);
  }

  #connectionIs(state) {
    this.#store.connection = state;
    this.#store.changed();
    if (state === "connected") {
      this.#catchUp();
      this.flush();
    } else {
      this.#store.forgetPresence();
    }
  }

  // Loading and catching up

  /** Reads the list of threads, and with it the cursor to go on from. */
  #load() {
    this.#loading ??= (async () => {
      let page;
      for (let pages = 0; pages < MAX_THREAD_PAGES; pages++) {
        const answer = await this.#api.threads({ page });
        for (const thread of answer.threads) this.#store.putThread(thread);
        this.#cursor ??= answer.cursor;
        page = answer.nextPage;
        if (!page) break;
      }
      this.#store.loaded = true;
      this.#store.changed();
    })().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Fetches what changed since the cursor: after each connect, whatever was missed. */
  #catchUp() {
    this.#catchingUp ??= this.#sync()
      .catch(() => setTimeout(() => this.#connection.connected && this.#catchUp(), RETRY_MS))
      .finally(() => (this.#catchingUp = undefined));
    return this.#catchingUp;
  }

  async #sync() {
    if (!this.#cursor) await this.#load();
    for (let more = true; more; ) {
      const page = await this.#connection.request("sync", { cursor: this.#cursor });
      if (page.reset) return this.#startOver();
      for (const thread of page.threads) this.#store.putThread(thread);
      for (const message of page.messages) {
        if (message.senderId === this.#store.me.id) this.#outbox.remove(message.clientMessageId);
        this.#store.putMessage(message);
      }
      this.#cursor = page.cursor;
      more = page.hasMore;
    }
    const open = this.#store.openThreadId;
    if (this.#store.threads.has(open)) {
      await this.open(open); // where the first attempt had no connection
      await this.#closeGap(open);
    }
  }

  async #startOver() {
    this.#cursor = undefined;
    this.#store.clear();
    await this.#load();
    if (this.#store.openThreadId) await this.open(this.#store.openThreadId);
  }

  /** Fetches messages that are missing between those that are here. */
  async #closeGap(threadId) {
    for (let after = this.#store.gapAfter(threadId); after !== undefined; ) {
      const page = await this.#api.messages({ threadId, after, limit: 200 });
      this.#store.putPage(threadId, page.messages);
      const next = this.#store.gapAfter(threadId);
      after = next === after ? undefined : next;
    }
  }

  // Reading

  /** Shows a thread; its newest messages are fetched the first time. */
  async open(threadId) {
    this.#store.openThreadId = threadId;
    this.#store.changed();
    if (threadId && !this.#store.conversation(threadId)) {
      const page = await this.#api.messages({ threadId });
      this.#store.putPage(threadId, page.messages, page.hasMore);
    }
  }

  async loadOlder(threadId) {
    const conversation = this.#store.conversation(threadId);
    if (!conversation?.hasOlder || conversation.loading || !conversation.messages.length) return;
    conversation.loading = true;
    this.#store.changed();
    try {
      const page = await this.#api.messages({ threadId, before: conversation.messages[0].seq });
      this.#store.putPage(threadId, page.messages, page.hasMore);
    } finally {
      conversation.loading = false;
      this.#store.changed();
    }
  }

  /** The newest message was seen. */
  async markRead(threadId) {
    const thread = this.#store.threads.get(threadId);
    const last = this.#store.conversation(threadId)?.messages.at(-1);
    if (!thread || !last || this.#marking.has(threadId) || !this.#connection.connected) return;
    if (this.#store.lastReadSeq(thread, this.#store.me.id) >= last.seq) return;
    this.#marking.add(threadId);
    try {
      const receipt = await this.#connection.request("mark_read", { messageId: last.id });
      this.#store.putRead(threadId, this.#store.me.id, last.seq, receipt.readAt);
    } catch {
      await pause(RETRY_MS); // the view asks again after each change
    } finally {
      this.#marking.delete(threadId);
      this.#store.changed();
    }
  }

  async setMuted(threadId, muted) {
    const until = muted ? new Date(Date.now() + MUTE_MS).toISOString() : null;
    const { thread } = await this.#api.muteThread({ threadId, until });
    this.#store.putThread(thread);
  }

  // What others see

  async setVisible(visible) {
    const answer = await this.#connection.request("update_presence", { visible });
    this.#visibility.put(answer.visible);
  }

  // Writing

  send(threadId, content) {
    this.stopTyping();
    this.#outbox.add(threadId, content);
    this.flush();
  }

  retry(clientMessageId) {
    this.#outbox.mark(clientMessageId, undefined);
    this.flush();
  }

  discard(clientMessageId) {
    this.#outbox.remove(clientMessageId);
  }

  /** Sends what waits, one after the other, so that it arrives in the order it was written. */
  async flush() {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      for (let entry = this.#outbox.next(); entry && this.#connection.connected; entry = this.#outbox.next()) {
        await this.#deliver(entry);
      }
    } finally {
      this.#flushing = false;
    }
  }

  async #deliver({ threadId, content, clientMessageId }) {
    try {
      const { message } = await this.#connection.request("send_message", { threadId, content, clientMessageId });
      this.#store.putMessage(message);
      this.#outbox.remove(clientMessageId);
    } catch (error) {
      if (!error.retryable) this.#outbox.mark(clientMessageId, error.message);
      else if (this.#connection.connected) await pause(error.retryAfterMs ?? RETRY_MS);
    }
  }

  /** A key was pressed in a thread's draft. */
  startTyping(threadId) {
    const now = Date.now();
    if (this.#typing.threadId === threadId && now - this.#typing.at < TYPING_EVERY_MS) return;
    if (this.#typing.threadId !== threadId) this.stopTyping();
    this.#typing = { threadId, at: now };
    this.#connection.hint("typing_start", { threadId });
  }

  stopTyping() {
    const { threadId } = this.#typing;
    if (!threadId) return;
    this.#typing = { threadId: undefined, at: 0 };
    this.#connection.hint("typing_stop", { threadId });
  }

  /** Starts a thread with people known by their names; answers its id. */
  async createThread(names, title) {
    const known = new Map(this.#store.people.map((person) => [(person.name ?? person.id).toLowerCase(), person.id]));
    const participantIds = names.map((name) => known.get(name.toLowerCase()) ?? uidOf(name));
    try {
      const { thread } = await this.#api.createThread({ participantIds, title: title || undefined });
      this.#store.putThread(thread);
      return thread.id;
    } catch (error) {
      error.unknownNames = names.filter((_, i) =>
        error.errors.some(({ field }) => field === `participantIds.${participantIds[i]}`));
      throw error;
    }
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
