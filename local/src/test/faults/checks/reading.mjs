/** Who has read how far. */
import { truthOf, violation } from "./stored.mjs";

/** No channel tells of a watermark that is lower than what it told before. */
export function monotone(history) {
  const last = new Map();
  return history.watermarks.flatMap(({ channel, threadId, userId, seq }) => {
    const key = `${channel} ${threadId} ${userId}`;
    const before = last.get(key) ?? 0;
    last.set(key, seq);
    return seq < before ? [violation("went-back", `${userId} in ${threadId}: ${seq} after ${before}, told by "${channel}"`)] : [];
  });
}

/** Whenever a thread is told of, its numbers fit each other. */
export function unread(history) {
  return history.listings.flatMap(({ reader, threadId, lastSeq, unreadCount, lastReadSeq, lastMessageSeq }) => {
    const fits = unreadCount === lastSeq - lastReadSeq && lastMessageSeq === lastSeq;
    return fits ? [] : [violation("unread", `${reader} was told of ${threadId}: lastSeq ${lastSeq}, last message ${lastMessageSeq}, `
      + `lastReadSeq ${lastReadSeq}, unreadCount ${unreadCount}`)];
  });
}

/** In the end all ways of asking say the same, and it is what was done: acknowledged marks and own messages. */
export function ends(history) {
  const truth = truthOf(history);
  const first = new Map();
  return history.ends.flatMap(({ reader, threadId, lastSeq, watermarks, path }) => {
    const said = JSON.stringify([lastSeq, Object.entries(watermarks).sort()]);
    if (!first.has(threadId)) {
      first.set(threadId, said);
      return [
        ...(lastSeq === (truth.get(threadId)?.length ?? 0) ? [] : [violation("end", `${threadId} ends at ${lastSeq} by ${path}`)]),
        ...Object.entries(watermarks).flatMap(([uid, seq]) => watermark(history, truth, threadId, uid, seq)),
      ];
    }
    return first.get(threadId) === said ? [] : [violation("end", `${path} tells ${reader} of ${threadId} otherwise: ${said}`)];
  });
}

function watermark(history, truth, threadId, uid, seq) {
  const own = truth.get(threadId)?.findLast(({ senderId }) => senderId === uid)?.seq ?? 0;
  const marks = history.marks.filter((mark) => mark.uid === uid && mark.threadId === threadId);
  const least = Math.max(own, ...marks.filter(({ acknowledged }) => acknowledged).map((mark) => mark.seq));
  const most = Math.max(own, ...marks.map((mark) => mark.seq));
  if (seq >= least && seq <= most) return [];
  return [violation(seq < least ? "unread-again" : "never-read", `${uid} has read ${threadId} up to ${seq}, not ${least} to ${most}`)];
}
