/** Whether the run says anything, and what it asked of the servers. */
import { violation } from "./stored.mjs";

/** A fault is felt a while after it is over: pools, caches and clients come back one after the other. */
const AFTERMATH_MS = 3_000;

/** Refusals that a fault elsewhere explains, and those that none does. */
export function refusals(history) {
  return history.refusals
    .filter(({ expected }) => !expected)
    .map(({ reader, what, code }) => violation("refused", `${what} of ${reader} was answered ${code}`));
}

/** Live messages: how long after they were stored, in quiet times and in the calm at the end. */
export function latencies(history) {
  const windows = history.faults.map(({ at, until }) => ({ at, until: until + AFTERMATH_MS }));
  const quiet = [];
  const calm = [];
  for (const { reader, steps } of history.views) {
    let connected = Infinity;
    for (const step of steps) {
      if (step.type === "connected") connected = step.at;
      if (step.type === "disconnected") connected = Infinity;
      if (step.type !== "message" || step.via !== "live" || step.createdAt < connected) continue;
      const sample = { reader, ms: step.at - step.createdAt, threadId: step.threadId, seq: step.seq };
      if (step.createdAt >= history.calm) calm.push(sample);
      else if (!windows.some(({ at, until }) => step.createdAt >= at && step.createdAt <= until)) quiet.push(sample);
    }
  }
  return { quiet, calm };
}

/** Once all is well, messages come in time. */
export function inTime(history, { liveWithinMs }) {
  return latencies(history).calm
    .filter(({ ms }) => ms > liveWithinMs)
    .map(({ reader, ms, threadId, seq }) => violation("late", `seq ${seq} of ${threadId} came to ${reader} after ${ms} ms`));
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
