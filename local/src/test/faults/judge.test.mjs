/** The judge, on small histories: a sound one passes, and each way of breaking it is found and named. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judge, requirementsOf } from "./judge.mjs";

const NEED = { acknowledged: 1, deliveries: 1, marks: 1, reconnects: 1, kinds: ["socket-kill"], liveWithinMs: 5_000, repairedWithinMs: 2_000, repairedAtAllWithinMs: 3_000, hints: 1 };
const T = "thread-1";
const AT = 1_000_000;

const message = (seq, fields = {}) => ({
  id: `id-${seq}`, seq, senderId: "ann", content: `text ${seq}`, clientMessageId: `m-${seq}`, ...fields,
});
const shown = (seq, via = "live", fields = {}) => ({
  type: "message", via, threadId: T, seq, id: `id-${seq}`, createdAt: AT + seq * 1_000, at: AT + seq * 1_000 + 10, ...fields,
});
const connected = (recovered = false, at = AT - 60_000) => ({ type: "connected", at, recovered });
const disconnected = () => ({ type: "disconnected", at: AT, reason: "transport close" });
const readBy = (userId, seq) => ({ type: "read", threadId: T, userId, messageId: `id-${seq}`, seq });

/** Ann wrote four messages, the first before anybody looked; Ben has three apps, and has read up to 3. */
function sound() {
  const messages = [1, 2, 3, 4].map((seq) => message(seq));
  const view = (kind, steps) => ({
    reader: `ben/${kind}`, uid: "ben", kind, base: { [T]: 1 }, baseWatermarks: { [T]: { ann: 1, ben: 0 } }, began: AT, open: true,
    steps,
  });
  const end = (reader, path) => ({ reader, threadId: T, lastSeq: 4, watermarks: { ann: 4, ben: 3 }, path });
  return {
    threads: [{ id: T, title: "One", members: ["ann", "ben"] }],
    sends: messages.map(({ id, seq, content, clientMessageId }) => ({
      threadId: T, sender: "ann", content, clientMessageId, tries: 1, acks: [{ id, seq, content, door: "rest" }],
    })),
    marks: [{ uid: "ben", threadId: T, seq: 3, messageId: "id-3", acknowledged: true }],
    views: [
      view("plain", [connected(), shown(1), shown(2), shown(3), readBy("ben", 3), shown(4)]),
      view("cursor", [
        connected(), { type: "synced" }, shown(2), disconnected(), connected(false, AT + 3_500),
        shown(4), shown(3, "sync"), shown(4, "sync"), { type: "synced" },
      ]),
      view("poller", [shown(2, "sync"), shown(3, "sync"), { type: "synced" }, shown(3, "sync"), shown(4, "sync"), { type: "synced" }]),
    ],
    pages: [{ reader: "ben/plain", threadId: T, listed: 3, seqs: [4, 3, 2, 1] }],
    listings: [{ reader: "ben/plain", threadId: T, lastSeq: 4, unreadCount: 1, lastReadSeq: 3, lastMessageSeq: 4 }],
    watermarks: [0, 3].map((seq) => ({ channel: "asked ben/plain", threadId: T, userId: "ben", seq })),
    refusals: [{ reader: "ann", what: "send by rest", code: "unavailable", expected: true }],
    reconnects: [{ reader: "ben/cursor", recovered: false, reason: "transport close", fault: "socket-kill", at: AT }],
    faults: [{ kind: "socket-kill", at: AT, until: AT + 2_000 }],
    stored: ["ann", "ben"].map((reader) => ({ reader, threadId: T, messages: structuredClone(messages) })),
    ends: [end("ann", "threads"), end("ann", "sync"), end("ben", "threads"), end("ben", "sync")],
    outages: [],
    hints: [{ node: "socket-a", received: 1 }, { node: "socket-b", received: 1 }],
    calm: AT + 4_000,
  };
}

const viewOf = (history, kind) => history.views.find((view) => view.kind === kind);
const ofAll = (history, change) => history.stored.forEach(({ messages }) => change(messages));
const shownBy = (kind, ...steps) => (history) => (viewOf(history, kind).steps = [connected(), ...steps]);

/** A message comes after two and a half seconds, during these faults and no other. */
const lateDuring = (...kinds) => (history) => {
  history.calm = AT + 60_000;
  history.faults = kinds.map((kind) => ({ kind, at: AT, until: AT + 2_000 }));
  viewOf(history, "plain").steps.at(-1).at += 2_500;
};

/** A node was cut off from PostgreSQL. */
const outage = (fields) => (history) => {
  history.refusals.push({ reader: "ann", what: "send by socket", code: "unavailable", expected: true, node: "socket-a", at: AT + 5_000 });
  history.outages = [{ node: "socket-a", at: AT, until: AT + 12_000, downAfterMs: 2_000, upAfterMs: 1_000, clients: 9, lost: 0, ...fields }];
};

/** More messages, of another thread, in time. */
const many = (count) => Array.from({ length: count }, (_, i) => shown(1 + i, "live", { threadId: "thread-2", createdAt: AT + 4_000, at: AT + 4_000 }));

/** The kinds of violations that a history has once it was changed. */
function found(change, requirements = {}) {
  const history = sound();
  change(history);
  return new Set(judge(history, { ...NEED, ...requirements }).flatMap(({ violations }) => violations.map(({ kind }) => kind)));
}

function finds(kind, what, change, requirements) {
  test(`${what}: ${kind}`, () => {
    const kinds = found(change, requirements);
    assert.ok(kinds.has(kind), `found ${[...kinds].join(", ") || "nothing"}`);
  });
}

function findsNothing(what, change, requirements) {
  test(what, () => assert.deepEqual([...found(change, requirements)], []));
}

describe("nothing is found", () => {
  findsNothing("in a sound history", () => {});
  findsNothing("where a message that was not acknowledged is stored", (h) => (h.sends[1].acks = []));
  findsNothing("where a message that was not acknowledged is not stored", (h) =>
    h.sends.push({ threadId: T, sender: "ann", content: "never", tries: 1, acks: [] }));
  findsNothing("where both doors acknowledged the same message", (h) => h.sends[1].acks.push({ ...h.sends[1].acks[0], door: "socket" }));
  findsNothing("where the next page of a catching-up brings something again", (h) => {
    const view = viewOf(h, "poller");
    view.steps = [shown(2, "sync"), shown(3, "sync"), { type: "page" }, shown(3, "sync"), shown(4, "sync"), { type: "page" }, { type: "synced" }];
  });
  findsNothing("where a recovered session goes on", (h) => {
    viewOf(h, "plain").steps = [
      connected(), shown(2), disconnected(), connected(true), shown(3), readBy("ben", 3), shown(4),
    ];
  });
});

describe("what is stored", () => {
  finds("lost", "an acknowledged message is gone", (h) => ofAll(h, (messages) => messages.pop()));
  finds("doubled", "a message is stored twice", (h) => ofAll(h, (messages) => messages.push(message(5, { content: "text 4" }))));
  finds("doubled", "a message that was not acknowledged is stored twice", (h) => {
    h.sends[3].acks = [];
    ofAll(h, (messages) => messages.push(message(5, { content: "text 4" })));
  });
  finds("acked-twice", "one send was acknowledged under two seqs", (h) => h.sends[3].acks.push({ id: "id-5", seq: 5 }));
  finds("altered", "a message is stored under another seq than acknowledged", (h) => (h.sends[3].acks[0].seq = 5));
  finds("altered", "a message is stored under another id than acknowledged", (h) => (h.sends[3].acks[0].id = "id-x"));
  finds("altered", "an acknowledgement had another content", (h) => (h.sends[3].acks[0].content = "another"));
  finds("lost", "a message is stored with another content", (h) => ofAll(h, (messages) => (messages[3].content = "another")));
  finds("stranger", "a message is stored that nobody sent", (h) => ofAll(h, (messages) => messages.push(message(5))));
  finds("gap", "a seq is left out", (h) => ofAll(h, (messages) => (messages[3].seq = 5)));
  finds("gap", "two messages have changed places", (h) => ofAll(h, (messages) => messages.push(...messages.splice(1, 2).reverse())));
  finds("differs", "one member reads less than another", (h) => h.stored[1].messages.pop());
  finds("thread-lost", "a thread that was created is not there for a member", (h) => h.stored.pop());
});

describe("what an app without a cursor shows", () => {
  finds("missed", "a message is left out", shownBy("plain", shown(2), readBy("ben", 3), shown(4)));
  finds("missed", "the last one does not come", shownBy("plain", shown(2), shown(3), readBy("ben", 3)));
  finds("missed", "the first one after the list does not come", shownBy("plain", shown(3), readBy("ben", 3), shown(4)));
  finds("missed", "a thread that began later is not whole", (h) => (viewOf(h, "plain").base = {}, viewOf(h, "plain").steps.splice(1, 1)));
  finds("repeated", "a message comes again", shownBy("plain", shown(2), shown(3), shown(3), readBy("ben", 3), shown(4)));
  finds("repeated", "a young connection gets a message twice", (h) => {
    viewOf(h, "plain").steps = [connected(false, AT), shown(1), shown(2), shown(2), shown(3), readBy("ben", 3), shown(4)];
  });
  finds("reordered", "messages change places", shownBy("plain", shown(3), shown(2), readBy("ben", 3), shown(4)));
  finds("repeated-event", "a reading is told again", (h) => viewOf(h, "plain").steps.push(readBy("ben", 3)));
  finds("untold", "a reading is not told", shownBy("plain", shown(2), shown(3), shown(4)));
  finds("untold", "a new thread is not told of", (h) => {
    viewOf(h, "plain").base = {};
    shownBy("plain", shown(1), shown(2), shown(3), readBy("ben", 3), shown(4))(h);
  });
  finds("page", "a page of a thread has a gap", (h) => (h.pages[0].seqs = [4, 2, 1]));
  finds("page", "a page of a thread is behind the list", (h) => (h.pages[0].seqs = [2, 1]));
});

describe("a recovery that is not whole", () => {
  const after = (...steps) => shownBy("plain", shown(2), disconnected(), connected(true), ...steps);
  finds("false-recovery", "a message of the gap is left out", after(shown(4), readBy("ben", 3)));
  finds("false-recovery", "the last message of the gap is left out", after(shown(3), readBy("ben", 3)));
  finds("false-recovery", "a message comes again", after(shown(2), shown(3), readBy("ben", 3), shown(4)));
  finds("false-recovery", "a message of the gap comes after a live one", after(shown(4), shown(3), readBy("ben", 3)));
  finds("false-recovery", "a reading comes again", shownBy("plain",
    shown(2), shown(3), readBy("ben", 3), disconnected(), connected(true), readBy("ben", 3), shown(4)));
  finds("not-recovered", "too few are recovered", () => {}, { recoveredShare: 0.5 });
});

describe("what an app with a cursor shows", () => {
  finds("missed", "a sync leaves a message out", shownBy("cursor", shown(2), shown(4, "sync"), { type: "synced" }));
  finds("hole", "a message comes only with the sync after the one that is whole", shownBy("cursor",
    shown(2), shown(4, "sync"), { type: "synced" }, shown(3, "sync"), { type: "synced" }));
  finds("missed", "the end is not reached", shownBy("poller", shown(2, "sync"), shown(3, "sync"), { type: "synced" }));
  finds("reordered", "a page has another order", shownBy("poller", shown(3, "sync"), shown(2, "sync"), shown(4, "sync"), { type: "synced" }));
  finds("repeated", "a live message comes again", shownBy("cursor", shown(2), shown(3), shown(3), shown(4), { type: "synced" }));
});

describe("who has read how far", () => {
  finds("went-back", "a watermark goes back", (h) => h.watermarks.push({ channel: "asked ben/plain", threadId: T, userId: "ben", seq: 2 }));
  finds("unread", "an unread count is wrong", (h) => (h.listings[0].unreadCount = 2));
  finds("unread", "the last message is not the last one", (h) => (h.listings[0].lastMessageSeq = 3));
  finds("unread-again", "an acknowledged reading is lost", (h) => h.ends.forEach(({ watermarks }) => (watermarks.ben = 2)));
  finds("never-read", "somebody has read what nobody marked", (h) => h.ends.forEach(({ watermarks }) => (watermarks.ben = 4)));
  finds("end", "two ways of asking differ", (h) => (h.ends[3].watermarks.ben = 2));
  finds("end", "a list ends before the thread does", (h) => h.ends.forEach((end) => (end.lastSeq = 3)));
});

describe("the run itself", () => {
  finds("refused", "the server answered internal", (h) => h.refusals.push({ reader: "ann", what: "sync", code: "internal", expected: false }));
  finds("late", "a message came late once all was well", (h) => (viewOf(h, "plain").steps.at(-1).at += 6_000));
  finds("late", "a message came late while only Redis was away", lateDuring("redis-kill"));
  findsNothing("where a message came late after a socket server was killed", lateDuring("redis-kill", "socket-kill"));
  findsNothing("where a message came late to a client whose line was slow", (h) => {
    lateDuring("redis-kill", "client-slow")(h);
    h.faults.at(-1).readers = ["ben/plain"];
  }, { kinds: ["redis-kill"] });
  findsNothing("where one message in a hundred came a little late", (h) => {
    lateDuring("redis-kill")(h);
    viewOf(h, "cursor").steps.push(...many(200));
  }, { kinds: ["redis-kill"] });
  finds("late", "one message in a hundred came very late", (h) => {
    lateDuring("redis-kill")(h);
    viewOf(h, "plain").steps.at(-1).at += 1_000;
    viewOf(h, "cursor").steps.push(...many(200));
  });
  finds("late", "a message came late to another client than the one whose line was slow", (h) => {
    lateDuring("redis-kill", "client-slow")(h);
    h.faults.at(-1).readers = ["ben/cursor"];
  });
  finds("deaf", "a node heard nothing from others", (h) => (h.hints[1].received = 0));
  findsNothing("where a node without PostgreSQL said so, refused and kept its clients", outage({}));
  finds("dishonest", "a node without PostgreSQL did not say so", outage({ downAfterMs: undefined }));
  finds("dishonest", "a node did not say that it is well again", outage({ upAfterMs: undefined }));
  finds("dishonest", "a node without PostgreSQL refused nothing", outage({ node: "socket-b" }));
  finds("let-go", "a node without PostgreSQL let its clients go", outage({ lost: 1 }));
  finds("too-small", "nothing was acknowledged", (h) => h.sends.forEach((send) => (send.acks = [])));
  finds("too-small", "a fault never came", () => {}, { kinds: ["socket-kill", "postgres-kill"] });
  finds("too-small", "nobody had to reconnect", (h) => (h.reconnects = []));

  test("an empty history proves nothing: too-small", () => {
    const empty = Object.fromEntries(Object.keys(sound()).map((name) => [name, []]));
    const checks = judge({ ...empty, calm: 0 }, requirementsOf({ minutes: 2, kinds: ["socket-kill"] }));
    assert.ok(checks.some(({ violations }) => violations.some(({ kind }) => kind === "too-small")));
  });
});
