/** Decides on a history: pure, so that its own tests can show it what it must find. */
import { ends, monotone, unread } from "./checks/reading.mjs";
import { heard, honest, inTime, inTimeByRepair, recovered, refusals, size } from "./checks/run.mjs";
import { acknowledged, agreement, sequences, strangers } from "./checks/stored.mjs";
import { eventsComplete, eventsOnce, live, pages, plain, synced } from "./checks/views.mjs";

/** Kinds of faults after which many clients have to reconnect. */
const CUTTING = /^(client-(cut|move)|socket-(kill|term))$/;

/** What is asked of a run of these minutes with these kinds of faults. */
export function requirementsOf({ minutes, kinds, recoveredShare = 0, hints = 0 }) {
  return {
    acknowledged: Math.round(400 * minutes),
    deliveries: Math.round(2_000 * minutes),
    marks: Math.round(60 * minutes),
    reconnects: kinds.some((kind) => CUTTING.test(kind)) ? Math.round(15 * minutes) : 0,
    kinds,
    liveWithinMs: 5_000,
    repairedWithinMs: 2_000,
    repairedAtAllWithinMs: 3_000,
    hints,
    recoveredShare,
  };
}

const CHECKS = {
  "what was acknowledged is stored once, as acknowledged": acknowledged,
  "nothing is stored that nobody sent": strangers,
  "seq is 1 to n in every thread": sequences,
  "every member reads the same": agreement,
  "live messages come in order, once, none left out": live,
  "apps without a cursor show everything": plain,
  "apps with a cursor show everything": synced,
  "pages are whole": pages,
  "readings and new threads are told once": eventsOnce,
  "readings and new threads are told": eventsComplete,
  "watermarks never go back": monotone,
  "unread counts fit": unread,
  "all ways of asking agree on who has read how far": ends,
  "nothing is refused without a reason": refusals,
  "live messages come in time once all is well": inTime,
  "live messages come within two seconds while only hints are lost": inTimeByRepair,
  "nodes hear from each other once all is well": heard,
  "a node without PostgreSQL says so, refuses sends and keeps its clients": honest,
  "reconnects are recovered": recovered,
  "the history is large enough": size,
};

/** @returns one entry a check: {name, violations: [{kind, text}]} */
export function judge(history, requirements) {
  return Object.entries(CHECKS).map(([name, check]) => ({ name, violations: check(history, requirements) }));
}
