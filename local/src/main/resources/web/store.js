/**
 * What this tab knows: threads, messages, who is online, who is typing. Answers, live events and catch-up may arrive in
 * any order and more than once, so everything merges: what has a number never goes back, and a message is known by
 * (threadId, seq).
 */

/** The server ends typing after 6 s; this is for the case that its word is lost. */
const TYPING_MS = 7_000;

export class Store {
  threads = new Map();
  presence = new Map();
  connection = "connecting";
  openThreadId = undefined;
  #conversations = new Map();
  #typing = new Map();
  #listeners = new Set();
  #scheduled = false;

  constructor(me) {
    this.me = me;
  }

  /** Calls the listener after changes, once for all that happen together. */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  changed() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Forgets everything the server told; for a restored database. */
  clear() {
    this.threads.clear();
    this.#conversations.clear();
    this.changed();
  }

  // Threads

  get sortedThreads() {
    return [...this.threads.values()].sort(
      (a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.id.localeCompare(a.id));
  }

  get unreadTotal() {
    let total = 0;
    for (const thread of this.threads.values()) total += this.unread(thread);
    return total;
  }

  unread(thread) {
    return Math.max(0, thread.lastSeq - this.lastReadSeq(thread, this.me.id));
  }

  lastReadSeq(thread, userId) {
    return thread.participants.find((person) => person.id === userId)?.lastReadSeq ?? 0;
  }

  /** Up to where everybody but me has read. */
  readByAllSeq(thread) {
    const others = thread.participants.filter((person) => person.id !== this.me.id);
    return others.length ? Math.min(...others.map((person) => person.lastReadSeq)) : 0;
  }

  /** The other person of a direct thread. */
  counterpart(thread) {
    return thread.kind === "direct" ? thread.participants.find((person) => person.id !== this.me.id) : undefined;
  }

  putThread(thread) {
    const known = this.threads.get(thread.id);
    this.threads.set(thread.id, known ? merged(known, thread) : thread);
    this.changed();
  }

  /** Somebody read up to `seq`. */
  putRead(threadId, userId, seq, readAt) {
    const thread = this.threads.get(threadId);
    if (!thread) return;
    const participants = thread.participants.map((person) =>
      person.id === userId && person.lastReadSeq < seq ? { ...person, lastReadSeq: seq, lastReadAt: readAt } : person);
    this.threads.set(threadId, { ...thread, participants });
    this.changed();
  }

  // Messages

  /** The messages of a thread that are here, oldest first; undefined before any were loaded. */
  conversation(threadId) {
    return this.#conversations.get(threadId);
  }

  /** A page of history, in any order. */
  putPage(threadId, messages, hasOlder) {
    const conversation = this.#conversations.get(threadId) ?? { messages: [], hasOlder: true };
    this.#conversations.set(threadId, conversation);
    for (const message of messages) insert(conversation.messages, message);
    if (hasOlder !== undefined) conversation.hasOlder = hasOlder;
    this.changed();
  }

  /**
   * A message from an event, an acknowledgement or catch-up.
   * @returns true if it is news
   */
  putMessage(message) {
    const thread = this.threads.get(message.threadId);
    if (!thread) return false;
    const isNews = message.seq > thread.lastSeq;
    if (isNews) {
      const lastMessage = { lastMessage: message, lastSeq: message.seq, updatedAt: message.createdAt };
      this.threads.set(thread.id, { ...thread, ...lastMessage });
      this.putRead(thread.id, message.senderId, message.seq, message.createdAt);
    }
    const messages = this.#conversations.get(message.threadId)?.messages;
    if (messages && (messages.length === 0 || message.seq > messages[0].seq)) insert(messages, message);
    this.putTyping(message.threadId, message.senderId, false);
    this.changed();
    return isNews;
  }

  /** The seq after which messages are missing in between; undefined where all are here. */
  gapAfter(threadId) {
    const messages = this.#conversations.get(threadId)?.messages ?? [];
    for (let i = 1; i < messages.length; i++) {
      if (messages[i].seq !== messages[i - 1].seq + 1) return messages[i - 1].seq;
    }
    const last = messages.at(-1)?.seq ?? 0;
    return this.#conversations.has(threadId) && last < this.threads.get(threadId).lastSeq ? last : undefined;
  }

  // Presence and typing

  putPresence(userId, online, lastSeenAt) {
    this.presence.set(userId, { online, lastSeenAt });
    this.changed();
  }

  /** Without a connection nobody's presence is known, nor whether they type. */
  forgetPresence() {
    this.presence.clear();
    for (const typists of this.#typing.values()) typists.forEach(clearTimeout);
    this.#typing.clear();
    this.changed();
  }

  isOnline(userId) {
    return this.presence.get(userId)?.online ?? false;
  }

  putTyping(threadId, userId, isTyping) {
    const typists = this.#typing.get(threadId) ?? new Map();
    this.#typing.set(threadId, typists);
    clearTimeout(typists.get(userId));
    if (isTyping) typists.set(userId, setTimeout(() => this.putTyping(threadId, userId, false), TYPING_MS));
    else typists.delete(userId);
    this.changed();
  }

  /** The people who are typing in a thread. */
  typists(thread) {
    const typing = this.#typing.get(thread.id);
    return typing ? thread.participants.filter((person) => typing.has(person.id)) : [];
  }

  /** Everybody who shares a thread with me. */
  get people() {
    const people = new Map();
    for (const thread of this.sortedThreads) {
      for (const person of thread.participants) if (person.id !== this.me.id) people.set(person.id, person);
    }
    return [...people.values()];
  }
}

/** Two views of one thread: the newer one, whose numbers are no smaller than the other's. */
function merged(known, incoming) {
  const [older, newer] = incoming.lastSeq >= known.lastSeq ? [known, incoming] : [incoming, known];
  const before = new Map(older.participants.map((person) => [person.id, person]));
  const participants = newer.participants.map((person) => {
    const earlier = before.get(person.id);
    return earlier && earlier.lastReadSeq > person.lastReadSeq
      ? { ...person, lastReadSeq: earlier.lastReadSeq, lastReadAt: earlier.lastReadAt }
      : person;
  });
  return { ...newer, mutedUntil: incoming.mutedUntil, participants };
}

/** Puts a message at its place; one that is there already is dropped. */
function insert(messages, message) {
  let at = messages.length;
  while (at > 0 && messages[at - 1].seq > message.seq) at--;
  if (at === 0 || messages[at - 1].seq !== message.seq) messages.splice(at, 0, message);
}
