const COLLECTIONS = [
  "threads", "sends", "marks", "views", "pages", "listings", "watermarks", "refusals", "reconnects", "faults", "stored", "ends", "hints", "outages",
];

/**
 * What happened, as the actors met it; what the judge decides on. Times are milliseconds of this machine's clock, which is
 * the database's, too.
 *
 *   threads   {id, title, members, answered}: those that somebody asked for; id null where the answer was lost
 *   sends     {threadId, sender, content, clientMessageId, acks: [{id, seq, content, door}], at}
 *   marks     {uid, threadId, seq, messageId, acknowledged}
 *   views     {reader, uid, kind, base, open, steps}: what one app showed, from its fresh start on; see View
 *   pages     {reader, threadId, listed, seqs}: the newest page of a thread, read after a list said where it ends
 *   listings  {reader, threadId, lastSeq, unreadCount, lastReadSeq, lastMessageSeq}: a thread as somebody was told of it
 *   watermarks {channel, threadId, userId, seq}: in the order in which one channel told of them; a channel is one
 *             connection, or one app's calls one after the other
 *   refusals  {reader, what, code}
 *   reconnects {reader, recovered, reason, fault, at}
 *   faults    {kind, at, until, readers}: readers where only these can notice
 *   stored    {reader, threadId, messages: [{id, seq, senderId, content, clientMessageId}]}: read back at the end
 *   outages   {node, at, until, downAfterMs, upAfterMs, clients, lost}: a node without PostgreSQL; when its health said so and when
 *             no longer, how many clients were connected to it and how many connections ended
 *   hints     {node, received}: heard from other nodes in the calm
 *   ends      {reader, threadId, lastSeq, watermarks: {uid: seq}, path}: what each way of asking says at the end
 */
export class History {
  constructor() {
    for (const name of COLLECTIONS) this[name] = [];
    this.last = new Map();
    this.calm = null;
  }

  /** A thread as a list or a sync told of it; what was told before is not kept twice. */
  listed(reader, channel, thread) {
    const own = thread.participants.find(({ id }) => id === reader.uid);
    const listing = {
      reader: reader.name,
      threadId: thread.id,
      lastSeq: thread.lastSeq,
      unreadCount: thread.unreadCount,
      lastReadSeq: own?.lastReadSeq,
      lastMessageSeq: thread.lastMessage?.seq ?? 0,
    };
    if (this.isNews(`${reader.name} ${thread.id}`, JSON.stringify(listing))) this.listings.push(listing);
    for (const { id, lastReadSeq } of thread.participants) this.watermark(channel, thread.id, id, lastReadSeq);
  }

  watermark(channel, threadId, userId, seq) {
    if (this.isNews(`${channel} ${threadId} ${userId}`, seq)) this.watermarks.push({ channel, threadId, userId, seq });
  }

  /** One line of JSON for each record. */
  *lines() {
    for (const name of COLLECTIONS) for (const record of this[name]) yield `${JSON.stringify({ [name]: record })}\n`;
  }

  isNews(key, value) {
    if (this.last.get(key) === value) return false;
    this.last.set(key, value);
    return true;
  }
}

/**
 * What one app showed since it began with an empty screen. Steps, in order:
 *
 *   {type: "connected", at, recovered}; {type: "disconnected", at, reason}
 *   {type: "message", via: "live" | "sync", threadId, seq, id, createdAt, at}
 *   {type: "read", threadId, userId, messageId, seq}; {type: "created", threadId}
 *   {type: "page"}: a page of sync ended, within which a thread's messages come by seq; something may come again with the next
 *   {type: "synced"}: a catching-up ended: everything up to the newest message shown is there
 */
export class View {
  /**
   * @param kind plain: base and live events only; cursor: sync after each connect, too; poller: sync only
   */
  constructor(history, { name, uid, kind }) {
    Object.assign(this, { reader: name, uid, kind, base: null, began: Date.now(), open: true, steps: [] });
    this.channel = `live ${name} ${history.views.push(this)}`;
  }

  /** Where each thread and its readers stood when the app listed them; a thread that is not there began later. */
  listed(threads) {
    const readers = ({ participants }) => Object.fromEntries(participants.map(({ id, lastReadSeq }) => [id, lastReadSeq]));
    this.base = Object.fromEntries(threads.map(({ id, lastSeq }) => [id, lastSeq]));
    this.baseWatermarks = Object.fromEntries(threads.map((thread) => [thread.id, readers(thread)]));
  }

  step(type, fields = {}) {
    this.steps.push({ type, at: Date.now(), ...fields });
  }

  message(via, { threadId, seq, id, createdAt }) {
    this.step("message", { via, threadId, seq, id, createdAt: Date.parse(createdAt) });
  }
}
