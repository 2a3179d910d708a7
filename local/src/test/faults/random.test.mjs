/** What a seed repeats. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "./random.mjs";
import { HINTS_ONLY, KINDS, schedule } from "./schedule.mjs";

const ALL = Object.keys(KINDS).filter((kind) => !kind.startsWith("net-"));
const TWO_MINUTES = { from: 2_000, until: 120_000, spacing: 2_500, nodes: 2, kinds: ALL };

test("a seed gives the same numbers each time, and another seed others", () => {
  const numbers = (seed) => Array.from({ length: 5 }, ((random) => () => random.int(0, 1_000_000))(new Random(seed)));
  assert.deepEqual(numbers("7"), numbers("7"));
  assert.notDeepEqual(numbers("7"), numbers("8"));
});

test("a stream does not depend on how often another one was asked", () => {
  const [asked, fresh] = [new Random("7"), new Random("7")];
  asked.next();
  assert.equal(asked.fork("writers").next(), fresh.fork("writers").next());
  assert.notEqual(fresh.fork("writers").next(), fresh.fork("readers").next());
});

test("numbers fill their range evenly", () => {
  const random = new Random("7");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4_000; i++) counts[random.int(0, 3)] += 1;
  for (const count of counts) assert.ok(count > 850 && count < 1_150, String(counts));
});

test("a seed repeats the schedule", () => {
  assert.deepEqual(schedule(new Random("7"), TWO_MINUTES), schedule(new Random("7"), TWO_MINUTES));
  assert.notDeepEqual(schedule(new Random("7"), TWO_MINUTES), schedule(new Random("8"), TWO_MINUTES));
});

test("every kind of fault comes, in order of time, within the time", () => {
  for (const until of [20_000, 120_000, 1_800_000]) {
    const faults = schedule(new Random(`${until}`), { ...TWO_MINUTES, until });
    assert.deepEqual([...new Set(faults.map(({ kind }) => kind))].sort(), ALL.toSorted());
    assert.ok(faults.every(({ at }, i) => at >= (faults[i - 1]?.at ?? 2_000) && at <= until));
    assert.ok(faults.every(({ kind, lasts }) => lasts >= KINDS[kind][0] && lasts <= KINDS[kind][1]));
  }
});

test("in the end only hints are lost", () => {
  for (const until of [30_000, 120_000, 1_800_000]) {
    const faults = schedule(new Random(`${until}`), { ...TWO_MINUTES, until });
    const last = faults.findLast(({ kind }) => !HINTS_ONLY.test(kind)).at;
    const after = faults.filter(({ at }) => at > last + 6_000).map(({ kind }) => kind);
    assert.deepEqual([...new Set(after)].sort(), ALL.filter((kind) => HINTS_ONLY.test(kind)).sort());
  }
});

test("only what is chosen comes, on every node there is", () => {
  const faults = schedule(new Random("7"), { ...TWO_MINUTES, until: 1_800_000, nodes: 3, kinds: ["socket-kill", "redis-cut"] });
  assert.deepEqual([...new Set(faults.map(({ kind, node }) => `${kind} ${node}`))].sort(),
    [0, 1, 2].flatMap((node) => [`redis-cut ${node}`, `socket-kill ${node}`]).sort());
});

test("a long run has more faults than a short one, not faster ones", () => {
  const long = schedule(new Random("7"), { ...TWO_MINUTES, until: 1_800_000 });
  assert.ok(long.length > 600 && long.length < 750, String(long.length));
});
