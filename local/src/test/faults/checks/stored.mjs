/** What was acknowledged, against what is stored. */

/** The messages of each thread as its first reader read them back. */
export function truthOf(history) {
  const truth = new Map();
  for (const { threadId, messages } of history.stored) if (!truth.has(threadId)) truth.set(threadId, messages);
  return truth;
}

/** Every acknowledged send is there once, under the id, seq and content acknowledged, however often that was. */
export function acknowledged(history) {
  const byThread = group([...truthOf(history)].flatMap(([threadId, messages]) => messages.map((m) => ({ ...m, threadId }))));
  return history.sends.flatMap((send) => {
    const what = `${send.clientMessageId ?? "a send without id"} of ${send.sender} in ${send.threadId}`;
    const found = (byThread.get(keyOf(send)) ?? []).length;
    const [ack, ...repeats] = send.acks;
    const violations = repeats
      .filter(({ id, seq }) => id !== ack.id || seq !== ack.seq)
      .map((other) => violation("acked-twice", `${what} was acknowledged as seq ${ack.seq} and as seq ${other.seq}`));
    if (found > 1) violations.push(violation("doubled", `${what} is stored ${found} times`));
    if (!ack) return violations;
    const [message] = byThread.get(keyOf(send)) ?? [];
    if (!message) return [...violations, violation("lost", `${what} was acknowledged as seq ${ack.seq} (${ack.id}) and is not stored`)];
    if (message.id !== ack.id || message.seq !== ack.seq) {
      violations.push(violation("altered", `${what} was acknowledged as seq ${ack.seq} (${ack.id}), stored as ${message.seq} (${message.id})`));
    }
    if (send.acks.some(({ content }) => content !== undefined && content !== send.content)) {
      violations.push(violation("altered", `${what} was acknowledged with another content`));
    }
    return violations;
  });
}

/** Nothing is stored that nobody sent. */
export function strangers(history) {
  const sent = new Set(history.sends.map(keyOf));
  return [...truthOf(history)].flatMap(([threadId, messages]) => messages
    .filter((message) => !sent.has(keyOf({ ...message, sender: message.senderId, threadId })))
    .map(({ seq, id }) => violation("stranger", `seq ${seq} (${id}) of ${threadId} was sent by nobody`)));
}

/** seq is 1, 2, 3 … in every thread. */
export function sequences(history) {
  return [...truthOf(history)].flatMap(([threadId, messages]) => messages
    .filter(({ seq }, i) => seq !== i + 1)
    .slice(0, 1)
    .map(({ seq }) => violation("gap", `${threadId} has seq ${seq} where ${messages.findIndex((m) => m.seq === seq) + 1} is due`)));
}

/** Everybody reads the same, and every thread that was created is there for each of its members. */
export function agreement(history) {
  const truth = truthOf(history);
  const text = (messages) => JSON.stringify(messages.map(({ id, seq }) => [id, seq]));
  const differing = history.stored
    .filter(({ threadId, messages }) => text(messages) !== text(truth.get(threadId)))
    .map(({ reader, threadId }) => violation("differs", `${reader} reads ${threadId} otherwise than others do`));
  const read = new Set(history.stored.map(({ reader, threadId }) => `${reader} ${threadId}`));
  const missing = history.threads.filter(({ id }) => id !== null).flatMap(({ id, members }) => members
    .filter((uid) => !read.has(`${uid} ${id}`))
    .map((uid) => violation("thread-lost", `${id} is not among the threads of ${uid}`)));
  return [...differing, ...missing];
}

export const violation = (kind, text) => ({ kind, text });

/** Contents are unique, so sender and content say which send a stored message is of. */
const keyOf = ({ threadId, sender, senderId, content }) => `${threadId} ${sender ?? senderId} ${content}`;

function group(messages) {
  const groups = new Map();
  for (const message of messages) {
    const key = keyOf(message);
    groups.set(key, [...(groups.get(key) ?? []), message]);
  }
  return groups;
}
