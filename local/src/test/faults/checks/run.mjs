/** Whether the run says anything, and what it asked of the servers. */
import { HINTS_ONLY } from "../schedule.mjs";
import { violation } from "./stored.mjs";

/** A fault is felt a while after it is over: pools, caches and clients come back one after the other. */
const AFTERMATH_MS = 3_000;
/** Within this, everything works again after whatever it was. */
const OVER_MS = 6_000;
/** Of the messages that are found by repair: the machine is this one, and it is busy. */
const LATE_SHARE = 0.01;

/** Refusals that a fault elsewhere explains, and those that none does. */
export function refusals(history) {
  return history.refusals
    .filter(({ expected }) => !expected)
    .map(({ reader, what, code }) => violation("refused", `${what} of ${reader} was answered ${code}`));
}

/**
 * Live messages: how long after they were stored. In quiet times, in the calm at the end, and while nothing but hints was
 * lost: all of these, and by the kind of each such fault.
 */
export function latencies(history) {
  const windows = history.faults.map(({ at, until }) => ({ at, until: until + AFTERMATH_MS }));
  const found = { quiet: [], calm: [], hintless: [], byFault: {} };
  for (const sample of samplesOf(history)) {
    const { reader, stored, shown } = sample;
    if (stored >= history.calm) found.calm.push(sample);
    else if (!windows.some(({ at, until }) => stored >= at && stored <= until)) found.quiet.push(sample);
    const felt = history.faults.filter((fault) => isFelt(fault, reader, stored, shown));
    if (felt.length === 0 || !felt.every(({ kind }) => HINTS_ONLY.test(kind))) continue;
    found.hintless.push(sample);
    for (const kind of new Set(felt.map((fault) => fault.kind))) (found.byFault[kind] ??= []).push(sample);
  }
  return found;
}

function isFelt({ kind, at, until, readers }, reader, stored, shown) {
  if (readers && !readers.includes(reader)) return false;
  return at <= shown && until + (HINTS_ONLY.test(kind) ? AFTERMATH_MS : OVER_MS) >= stored;
}

/** One for each message that came to a connection which was there before the message was. */
function samplesOf(history) {
  return history.views.flatMap(({ reader, steps }) => {
    let connected = Infinity;
    return steps.flatMap(({ type, at, via, createdAt, threadId, seq }) => {
      if (type === "connected") connected = at;
      if (type === "disconnected") connected = Infinity;
      if (type !== "message" || via !== "live" || createdAt < connected) return [];
      return [{ reader, threadId, seq, stored: createdAt, shown: at, ms: at - createdAt }];
    });
  });
}

/** Once all is well, messages come in time. */
export function inTime(history, { liveWithinMs }) {
  return late(latencies(history).calm, liveWithinMs);
}

/** Whatever becomes of Redis and of the hook, messages come in time by repair: all but one in a hundred. */
export function inTimeByRepair(history, { repairedWithinMs, repairedAtAllWithinMs }) {
  const { hintless } = latencies(history);
  const slow = hintless.filter(({ ms }) => ms > repairedWithinMs).length;
  if (slow <= hintless.length * LATE_SHARE) return late(hintless, repairedAtAllWithinMs);
  return [violation("late", `${slow} of ${hintless.length} messages came after more than ${repairedWithinMs} ms`)];
}

function late(samples, limit) {
  return samples
    .filter(({ ms }) => ms > limit)
    .map(({ reader, ms, threadId, seq }) => violation("late", `seq ${seq} of ${threadId} came to ${reader} after ${ms} ms`));
}

/** Once all is well, every node hears from others. */
export function heard(history, { hints }) {
  return (history.hints ?? [])
    .filter(({ received }) => received < hints)
    .map(({ node, received }) => violation("deaf", `${node} heard ${received} times from others in the calm, at least ${hints} are needed`));
}

/** A node that is cut off from PostgreSQL: within this it says so, and once it is joined, that it is over. */
const HONEST_MS = 10_000;

export function honest({ outages, refusals: refused }) {
  return outages.flatMap(({ node, at, until, downAfterMs, upAfterMs, clients, lost }) => {
    const unavailable = refused.filter((one) => one.node === node && one.code === "unavailable" && one.at >= at && one.at <= until);
    return [
      ...(downAfterMs <= HONEST_MS ? [] : [violation("dishonest", `${node} did not say that it has no database`)]),
      ...(upAfterMs <= HONEST_MS ? [] : [violation("dishonest", `${node} did not say that it has its database again`)]),
      ...(unavailable.length > 0 ? [] : [violation("dishonest", `${node} refused no send`)]),
      ...(clients > 0 && lost === 0 ? [] : [violation("let-go", `${node} lost ${lost} connections of ${clients} clients`)]),
    ];
  });
}

/** A history that is too small proves nothing. */
export function size(history, { acknowledged, deliveries, reconnects, marks, kinds }) {
  const counts = countsOf(history);
  const missing = kinds.filter((kind) => !history.faults.some((fault) => fault.kind === kind));
  const least = { acknowledged, deliveries, reconnects, marks };
  return [
    ...Object.entries(least)
      .filter(([what, wanted]) => counts[what] < wanted)
      .map(([what, wanted]) => violation("too-small", `${counts[what]} ${what}, at least ${wanted} are needed`)),
    ...(history.stored.length === 0 ? [violation("too-small", "nothing was read back")] : []),
    ...missing.map((kind) => violation("too-small", `no ${kind} was injected`)),
  ];
}

/** Where recovery is asked for: its share of the reconnects. */
export function recovered(history, { recoveredShare }) {
  const all = history.reconnects.length;
  const good = history.reconnects.filter((reconnect) => reconnect.recovered).length;
  if (!recoveredShare || good >= all * recoveredShare) return [];
  return [violation("not-recovered", `${good} of ${all} reconnects were recovered, ${recoveredShare * 100} % are needed`)];
}

export function countsOf(history) {
  const steps = history.views.flatMap((view) => view.steps);
  return {
    sends: history.sends.length,
    acknowledged: history.sends.filter(({ acks }) => acks.length > 0).length,
    repeated: history.sends.filter(({ tries }) => tries > 1).length,
    stored: new Set(history.stored.flatMap(({ messages }) => messages.map(({ id }) => id))).size,
    deliveries: steps.filter(({ type, via }) => type === "message" && via === "live").length,
    synced: steps.filter(({ type, via }) => type === "message" && via === "sync").length,
    marks: history.marks.filter((mark) => mark.acknowledged).length,
    threads: history.threads.filter(({ id }) => id !== null).length,
    views: history.views.length,
    faults: history.faults.length,
    reconnects: history.reconnects.length,
    recovered: history.reconnects.filter((reconnect) => reconnect.recovered).length,
  };
}
