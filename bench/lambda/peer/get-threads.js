import { database, endpoint } from "./services.js";

export const handler = endpoint(async (caller, event) => {
  const take = Number(event.queryStringParameters?.limit ?? 20);
  const threads = await database.$transaction(
    (tx) => tx.thread.findMany({
      where: { members: { some: { userId: caller } } },
      orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
      take: take + 1,
      include: {
        members: { include: { user: true }, orderBy: [{ joinedAt: "asc" }, { userId: "asc" }] },
        messages: { orderBy: { seq: "desc" }, take: 1, include: { sender: true } },
      },
    }),
    { isolationLevel: "RepeatableRead" },
  );
  return [200, {
    threads: threads.slice(0, take).map(({ members, messages: [last = null], ...thread }) => ({
      ...thread,
      lastMessage: last,
      unreadCount: thread.lastSeq - members.find(({ userId }) => userId === caller).lastReadSeq,
      participants: members.map(({ user, role, lastReadSeq, lastReadAt }) => ({ ...user, role, lastReadSeq, lastReadAt })),
    })),
    nextPage: threads.length > take ? threads[take - 1].id : null,
  }];
});
