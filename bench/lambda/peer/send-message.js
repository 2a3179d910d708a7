import { randomUUID } from "node:crypto";
import { database, endpoint } from "./services.js";

const NOT_FOUND = [404, { code: "not_found" }];

export const handler = endpoint(async (caller, event) => {
  const { threadId, content, clientMessageId = null } = JSON.parse(event.body);
  if (typeof content !== "string" || !content.length || content.length > 4000) return [400, { code: "invalid_request" }];
  return database.$transaction(async (tx) => {
    const [locked] = await tx.$queryRaw`SELECT id FROM thread WHERE id = ${threadId}::uuid AND EXISTS (
      SELECT 1 FROM thread_member WHERE thread_id = thread.id AND user_id = ${caller}) FOR NO KEY UPDATE`;
    if (!locked) return NOT_FOUND;
    const earlier = clientMessageId && (await tx.message.findFirst({ where: { threadId, senderId: caller, clientMessageId }, include: { sender: true } }));
    if (earlier) return [200, { message: earlier }];
    const at = new Date();
    const { lastSeq } = await tx.thread.update({ where: { id: threadId }, data: { lastSeq: { increment: 1 }, updatedAt: at } });
    const message = await tx.message.create({
      data: { id: randomUUID(), threadId, seq: lastSeq, senderId: caller, content, clientMessageId, createdAt: at },
      include: { sender: true },
    });
    await tx.threadMember.update({ where: { threadId_userId: { threadId, userId: caller } }, data: { lastReadSeq: lastSeq, lastReadAt: at } });
    return [201, { message }];
  });
});
