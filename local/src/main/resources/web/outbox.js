/**
 * Messages written but not yet stored by the server, oldest first. Kept in localStorage per user, so that they survive
 * a reload or a closed window; sending one twice does no harm, its clientMessageId makes it one message.
 */
export class Outbox {
  #key;
  #onChange;

  constructor(userId, onChange) {
    this.#key = `cove.outbox.${userId}`;
    this.#onChange = onChange;
    this.entries = this.#load();
    addEventListener("storage", (event) => {
      if (event.key !== this.#key) return;
      this.entries = this.#load();
      this.#onChange();
    });
  }

  /** @returns the entry: `{clientMessageId, threadId, content, createdAt, error?}` */
  add(threadId, content) {
    const entry = { clientMessageId: crypto.randomUUID(), threadId, content, createdAt: new Date().toISOString() };
    this.#save([...this.entries, entry]);
    return entry;
  }

  /** The server has it, or the user gave it up. */
  remove(clientMessageId) {
    if (this.entries.some((entry) => entry.clientMessageId === clientMessageId)) {
      this.#save(this.entries.filter((entry) => entry.clientMessageId !== clientMessageId));
    }
  }

  /** The server refused it for good: the user decides. An undefined error lets it wait again. */
  mark(clientMessageId, error) {
    this.#save(this.entries.map((entry) => (entry.clientMessageId === clientMessageId ? { ...entry, error } : entry)));
  }

  /** The oldest that may be sent. */
  next() {
    return this.entries.find((entry) => !entry.error);
  }

  of(threadId) {
    return this.entries.filter((entry) => entry.threadId === threadId);
  }

  #save(entries) {
    this.entries = entries;
    if (entries.length) localStorage.setItem(this.#key, JSON.stringify(entries));
    else localStorage.removeItem(this.#key);
    this.#onChange();
  }

  #load() {
    try {
      return JSON.parse(localStorage.getItem(this.#key)) ?? [];
    } catch {
      return [];
    }
  }
}
