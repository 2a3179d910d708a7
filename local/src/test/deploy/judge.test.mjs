/** The judge of deployments, on a small one: a sound one passes, and each way of breaking it is found and named. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judge } from "./judge.mjs";

const NEED = { stallMs: 2_000, recoveredShare: 0.99, reconnects: 2, deliveries: 6 };
const T = "thread-1";
const AT = 1_000_000;

/** Ann and Ben chat while a server is replaced, and each has to reconnect. */
const sound = () => ({
  threads: [{ id: T, members: ["ann", "ben"] }, { id: "quiet", members: ["ann", "ben"] }],
  sends: [1, 2, 3].map((seq) => ({ threadId: T, at: AT + seq, acknowledged: AT + seq + 20, seq })),
  shown: ["ann", "ben"].map((uid) => ({ uid, threadId: T, last: 3, digest: 7 })),
  reconnects: [1_000, 2_000].map((after) => ({ left: AT + after, at: AT + after + 900, recovered: true })),
  deployments: [{ node: "socket-a", at: AT, until: AT + 10_000 }],
  violations: [],
  deliveries: 6,
});

function found(change) {
  const run = sound();
  change(run);
  return judge(run, NEED).flatMap(({ violations }) => violations.map(({ kind }) => kind));
}

const finds = (kind, what, change) => test(`${what}: ${kind}`, () => assert.ok(found(change).includes(kind), String(found(change))));

describe("a deployment", () => {
  test("where nobody noticed anything: nothing is found", () => assert.deepEqual(found(() => {}), []));
  finds("missed", "somebody saw a gap", (run) => run.violations.push({ kind: "missed", text: "" }));
  finds("missed", "somebody does not show the end", (run) => (run.shown[1].last = 2));
  finds("missed", "somebody shows nothing of a thread", (run) => run.shown.pop());
  finds("doubled", "more was stored than sent", (run) => run.shown.forEach((state) => (state.last = 4)));
  finds("doubled", "a send was stored twice", (run) => (run.sends[2].seq = 4));
  finds("unacknowledged", "a send has no answer", (run) => delete run.sends[2].acknowledged);
  finds("differs", "two show different messages", (run) => (run.shown[1].digest = 8));
  finds("stalled", "a send waited", (run) => (run.sends[2].acknowledged += 2_000));
  finds("not-recovered", "one reconnect began anew", (run) => (run.reconnects[1].recovered = false));
  finds("herd", "everybody came at once", (run) => {
    run.reconnects = Array.from({ length: 100 }, () => ({ left: AT, at: AT + 900, recovered: true }));
  });
  finds("too-small", "nobody had to reconnect", (run) => (run.reconnects = []));
  finds("too-small", "nobody got anything", (run) => (run.deliveries = 0));
});
