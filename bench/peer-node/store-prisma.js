/** The database over Prisma and its driver adapter. */
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import { v7 as uuid } from "uuid";
import { notFound, Refusal } from "./refusal.js";
import { messageView } from "./views.js";

const UNIQUE_VIOLATION = "P2002";
const RECORD_MISSING = "P2025";
const FOREIGN = new Set(["P2007", "P2023"]);
/** Who waits for a connection, waits; the default gives up after two seconds. */
const PATIENCE_MS = 30_000;

/** One name for each text: they are prepared once for each connection. */
function names() {
  const known = new Map();
  return ({ sql }) => {
    let name = known.get(sql);
    if (!name) known.set(sql, (name = `prisma-${known.size}`));
    return name;
  };
}

const THREAD = {
  members: { include: { user: true }, orderBy: [{ joinedAt: "asc" }, { userId: "asc" }] },
  lastMessage: { include: { sender: true } },
};

export class PrismaStore {
  constructor({ url, connections }) {
    const adapter = new PrismaPg(
      { connectionString: url, max: connections, min: connections, idleTimeoutMillis: 0, keepAlive: true },
      { statementNameGenerator: names() });
    this.database = new PrismaClient({ adapter, transactionOptions: { maxWait: PATIENCE_MS, timeout: PATIENCE_MS } });
  }

  async run(query) {
    try {
      return await query;
    } catch (error) {
      // An id that is none is nobody's.
      if (error.code === RECORD_MISSING || FOREIGN.has(error.code)) throw notFound();
      throw error;
    }
  }

  async ready() {
    await this.database.$queryRaw`SELECT 1`;
  }

  /** Knows who this is, and answers the ids of their threads. */
  async arrive({ id, name, imageUrl }) {
    const [known, members] = await Promise.all([
      this.database.user.findUnique({ where: { id } }),
      this.database.threadMember.findMany({ where: { userId: id }, select: { threadId: true } }),
    ]);
    if (known?.name !== name || known?.imageUrl !== imageUrl) {
      await this.database.user.upsert({ where: { id }, create: { id, name, imageUrl }, update: { name, imageUrl } });
    }
    return members.map(({ threadId }) => threadId);
  }

  async send(sender, given) {
    try {
      return { isNew: true, message: messageView(await this.run(this.store(sender, given)), sender) };
    } catch (error) {
      if (error.code !== UNIQUE_VIOLATION) throw error;
      return this.repeated(sender, given);
    }
  }

  store(sender, { threadId, content, clientMessageId = null }) {
    const [id, at] = [uuid(), new Date()];
    return this.database.$transaction(async (tx) => {
      const { lastSeq: seq } = await tx.thread.update({
        where: { id: threadId, members: { some: { userId: sender.id } } },
        data: { lastSeq: { increment: 1 }, lastMessageId: id, updatedAt: at },
        select: { lastSeq: true },
      });
      const message = await tx.message.create({ data: { id, threadId, seq, senderId: sender.id, content, clientMessageId, createdAt: at } });
      await tx.threadMember.update({
        where: { threadId_userId: { threadId, userId: sender.id } },
        data: { lastReadSeq: seq, lastReadAt: at },
        select: { userId: true },
      });
      return message;
    });
  }

  async repeated(sender, { threadId, content, clientMessageId }) {
    const message = await this.database.message.findFirstOrThrow({
      where: { threadId, senderId: sender.id, clientMessageId }, include: { sender: true } });
    if (message.content !== content) throw new Refusal("conflict", "This clientMessageId was used for another message.");
    return { isNew: false, message: messageView(message, message.sender) };
  }

  async read(user, messageId) {
    const message = await this.run(this.database.message.findFirstOrThrow({
      where: { id: messageId, thread: { members: { some: { userId: user.id } } } }, select: { threadId: true, seq: true } }));
    const own = { threadId_userId: { threadId: message.threadId, userId: user.id } };
    const readAt = new Date();
    const { lastReadSeq } = await this.database.$transaction(async (tx) => {
      await tx.threadMember.updateMany({
        where: { threadId: message.threadId, userId: user.id, lastReadSeq: { lt: message.seq } }, data: { lastReadSeq: message.seq } });
      return tx.threadMember.update({ where: own, data: { lastReadAt: readAt }, select: { lastReadSeq: true } });
    });
    return { messageId, threadId: message.threadId, userId: user.id, readAt, lastReadSeq };
  }

  /** `limit` messages and one more, newest first unless `after` a seq. */
  async messages(user, { threadId, limit, before, after }) {
    const [member, rows] = await this.run(Promise.all([
      this.database.threadMember.findUnique({ where: { threadId_userId: { threadId, userId: user.id } }, select: { userId: true } }),
      this.database.message.findMany({
        where: { threadId, seq: after === undefined ? { lt: before } : { gt: after } },
        orderBy: { seq: after === undefined ? "desc" : "asc" },
        take: limit + 1,
        include: { sender: true },
      }),
    ]));
    if (!member) throw notFound();
    return rows.map((message) => messageView(message, message.sender));
  }

  /** `limit` threads and one more, newest activity first, after a place. */
  async threads(user, { limit, place }) {
    return this.views(user, {
      where: {
        members: { some: { userId: user.id } },
        ...(place && { OR: [{ updatedAt: { lt: place.updatedAt } }, { updatedAt: place.updatedAt, id: { lt: place.id } }] }),
      },
      orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
      take: limit + 1,
    });
  }

  async changedThreads(user, { since, thread, limit }) {
    const at = { gte: new Date(since) };
    return this.views(user, {
      where: {
        members: { some: { userId: user.id } },
        ...(thread && { id: { gt: thread } }),
        OR: [{ updatedAt: at }, { members: { some: { lastReadAt: at } } }],
      },
      orderBy: { id: "asc" },
      take: limit,
    });
  }

  /** First which, then what is in them: in one statement, the joins are made for every thread of the user before most are dropped. */
  async views(user, page) {
    const ids = (await this.database.thread.findMany({ ...page, select: { id: true } })).map(({ id }) => id);
    const rows = ids.length ? await this.database.thread.findMany({ where: { id: { in: ids } }, orderBy: page.orderBy, include: THREAD }) : [];
    return rows.map((thread) => threadView(thread, user));
  }

  /** Messages since, by thread and seq, after a place. */
  async changedMessages(user, { since, thread, seq, limit }) {
    const at = { gte: new Date(since) };
    const rows = await this.database.message.findMany({
      where: {
        createdAt: at,
        thread: { updatedAt: at, members: { some: { userId: user.id } } },
        ...(thread && { OR: [{ threadId: { gt: thread } }, { threadId: thread, seq: { gt: seq } }] }),
      },
      orderBy: [{ threadId: "asc" }, { seq: "asc" }],
      take: limit,
      include: { sender: true },
    });
    return rows.map((message) => messageView(message, message.sender));
  }

  close() {
    return this.database.$disconnect();
  }
}

function threadView({ id, kind, title, members, lastMessage, lastSeq, createdAt, updatedAt }, user) {
  const own = members.find(({ userId }) => userId === user.id);
  return {
    id, kind, title,
    participants: members.map(({ user: { name, imageUrl }, userId, role, lastReadSeq, lastReadAt }) =>
      ({ id: userId, name, imageUrl, role, lastReadSeq, lastReadAt })),
    lastMessage: lastMessage && messageView(lastMessage, lastMessage.sender),
    lastSeq, unreadCount: lastSeq - own.lastReadSeq, mutedUntil: own.mutedUntil > new Date() ? own.mutedUntil : null, createdAt, updatedAt,
  };
}
