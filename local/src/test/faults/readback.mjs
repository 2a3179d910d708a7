/** Reads everything back at the end, as every user and in every way there is. */
import { View } from "./history.mjs";
import { pause } from "./program.mjs";

const TRIES = 20;

export class ReadBack {
  constructor(world, users) {
    Object.assign(this, { world, users, cursors: new Map() });
  }

  /** Where everybody stands before the first message. */
  async begin() {
    for (const uid of this.users) this.cursors.set(uid, (await this.get(uid, "/threads", { limit: 100 })).cursor);
  }

  async all() {
    for (const uid of this.users) {
      for (const thread of await this.threads(uid)) {
        this.end(uid, thread, "threads");
        this.world.history.stored.push({ reader: uid, threadId: thread.id, messages: await this.messages(uid, thread.id) });
      }
      await this.sync(uid);
    }
  }

  async threads(uid) {
    const threads = [];
    for (let page; page !== null; ) {
      const answer = await this.get(uid, "/threads", { limit: 40, ...(page && { page }) });
      threads.push(...answer.threads);
      page = answer.nextPage;
    }
    for (const thread of threads) this.world.history.listed({ name: `${uid} at the end`, uid }, `end of ${uid}`, thread);
    return threads;
  }

  async messages(uid, threadId) {
    const messages = [];
    for (let after = 0; after !== null; ) {
      const answer = await this.get(uid, "/thread-messages", { threadId, limit: 200, after });
      messages.push(...answer.messages);
      after = answer.nextCursor;
    }
    return messages.map(({ id, seq, senderId, content, clientMessageId }) => ({ id, seq, senderId, content, clientMessageId }));
  }

  /** Everything since the beginning, once more. */
  async sync(uid) {
    const view = new View(this.world.history, { name: `${uid} from the beginning`, uid, kind: "poller" });
    view.listed([]);
    for (let cursor = this.cursors.get(uid), more = true; more; ) {
      const page = await this.get(uid, "/sync", { cursor, limit: 500 });
      if (page.reset) throw new Error(`the first cursor of ${uid} is not known any more`);
      page.threads.forEach((thread) => this.end(uid, thread, "sync"));
      page.messages.forEach((message) => view.message("sync", message));
      ({ cursor, hasMore: more } = page);
    }
    view.step("synced");
  }

  end(uid, { id, lastSeq, participants }, path) {
    const watermarks = Object.fromEntries(participants.map((one) => [one.id, one.lastReadSeq]));
    this.world.history.ends.push({ reader: uid, threadId: id, lastSeq, watermarks, path });
  }

  async get(uid, path, query) {
    let last;
    for (let i = 0; i < TRIES; i++) {
      last = await this.world.rest.get(uid, path, query);
      if (last.status === 200) return last.body;
      await pause(500);
    }
    throw new Error(`${path} is not answered: ${last.status} ${JSON.stringify(last.body)}`);
  }
}
