/** What a conversation looks like: bubbles, the headings between them, and the ticks of one's own messages. */
import { dayHeading, fullTime, nameOf, sameDay, time } from "../format.js";
import { avatar, el, icon } from "./dom.js";

/** Messages of one person this close together stand as one group. */
const GROUP_MS = 5 * 60_000;

const TICKS = {
  waiting: { name: "clock", label: "Waiting to be sent" },
  stored: { name: "tick", label: "Sent" },
  read: { name: "ticks", label: "Read" },
  failed: { name: "failed", label: "Not sent" },
};

/**
 * The rows of a conversation for `reconcile`: stored messages, then those still waiting, with a heading before each
 * day and before the first unread message.
 *
 * @param unreadFrom the seq that the "new messages" line stands above; undefined for none
 * @param actions `{retry, discard}` for a message that was refused
 */
export function rows({ thread, messages, waiting, me, readByAllSeq, unreadFrom, actions }) {
  const stored = new Set(messages.map((message) => message.clientMessageId).filter(Boolean));
  const entries = [
    ...messages.map((message) => view(message, { thread, me, readByAllSeq })),
    ...waiting.filter((entry) => !stored.has(entry.clientMessageId)).map((entry) => pendingView(entry, me, actions)),
  ];
  const result = [];
  entries.forEach((entry, i) => {
    const before = entries[i - 1];
    const after = entries[i + 1];
    if (!before || !sameDay(before.createdAt, entry.createdAt)) result.push(heading("day", dayHeading(entry.createdAt), entry));
    if (entry.seq !== undefined && entry.seq === unreadFrom) result.push(heading("unread", "New messages", entry));
    const isFirst = !joins(before, entry) || entry.seq === unreadFrom;
    const isLast = !joins(entry, after) || (after.seq !== undefined && after.seq === unreadFrom);
    result.push(row({ ...entry, isFirst, isLast }));
  });
  return result;
}

function view(message, { thread, me, readByAllSeq }) {
  const mine = message.senderId === me.id;
  return {
    // One's own message keeps its row when it turns from waiting to stored.
    key: mine && message.clientMessageId ? message.clientMessageId : message.id,
    seq: message.seq,
    mine,
    sender: message.sender,
    content: message.content,
    createdAt: message.createdAt,
    showName: !mine && thread.kind === "group",
    state: mine ? (message.seq <= readByAllSeq ? "read" : "stored") : undefined,
  };
}

function pendingView(entry, me, actions) {
  return {
    key: entry.clientMessageId,
    mine: true,
    sender: me,
    content: entry.content,
    createdAt: entry.createdAt,
    state: entry.error ? "failed" : "waiting",
    error: entry.error,
    actions,
  };
}

function joins(one, next) {
  return Boolean(one && next) && one.sender.id === next.sender.id && sameDay(one.createdAt, next.createdAt)
    && Date.parse(next.createdAt) - Date.parse(one.createdAt) < GROUP_MS;
}

function heading(kind, text, { key }) {
  return {
    key: `${kind}-${key}`,
    fingerprint: text,
    build: () => el("li", { class: `heading ${kind}` }, el("span", {}, text)),
  };
}

function row(entry) {
  return { key: entry.key, fingerprint: JSON.stringify(entry), build: () => build(entry) };
}

function build({ key, mine, sender, content, createdAt, showName, state, error, actions, isFirst, isLast }) {
  const classes = ["message", mine ? "mine" : "theirs", isFirst && "first", isLast && "last", state];
  return el("li", { class: classes.filter(Boolean).join(" "), "data-state": state },
    !mine && (isLast ? avatar(sender, { size: "small" }) : el("span", { class: "avatar-space" })),
    el("div", { class: "bubble" },
      el("span", { class: showName && isFirst ? "sender" : "sr-only" }, mine ? "You" : nameOf(sender)),
      el("p", { class: "content", dir: "auto" }, content),
      el("span", { class: "meta" },
        el("time", { datetime: createdAt, title: fullTime(createdAt) }, time(createdAt)),
        state && icon(TICKS[state].name, TICKS[state].label))),
    state === "failed" && failure(key, error, actions));
}

function failure(clientMessageId, error, actions) {
  const button = (label, act) => {
    const element = el("button", { type: "button", class: "link" }, label);
    element.addEventListener("click", () => act(clientMessageId));
    return element;
  };
  return el("p", { class: "failure" }, `Not sent: ${error}. `,
    button("Try again", actions.retry), button("Discard", actions.discard));
}
