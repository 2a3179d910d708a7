/** Rows as the contract has them. */
const MARKUP = /[&<>"']/;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function messageView({ id, threadId, seq, senderId, content, clientMessageId, createdAt }, { name, imageUrl }) {
  return {
    id, threadId, seq, senderId, content,
    contentHtml: MARKUP.test(content) ? content.replace(/[&<>"']/g, (c) => ENTITIES[c]) : undefined,
    clientMessageId: clientMessageId ?? undefined,
    createdAt,
    sender: { id: senderId, name, imageUrl },
  };
}

/** A page of rows of which one more was asked for. */
export function pageOf(rows, limit) {
  return { page: rows.length > limit ? rows.slice(0, limit) : rows, hasMore: rows.length > limit };
}
