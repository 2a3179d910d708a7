/** What every app showed, against what is stored: complete, once, in order. */
import { truthOf, violation } from "./stored.mjs";

/** How far each thread goes in the end. */
const lengthsOf = (history) => new Map([...truthOf(history)].map(([id, messages]) => [id, messages.at(-1)?.seq ?? 0]));

/** Threads of a user, and where each ends. */
function threadsOf(history, uid) {
  const lengths = lengthsOf(history);
  const own = new Set(history.stored.filter(({ reader }) => reader === uid).map(({ threadId }) => threadId));
  return [...own].map((threadId) => [threadId, lengths.get(threadId)]);
}

/** Live events of each session: in the order of seq, none left out, none twice. */
export function live(history) {
  return history.views.flatMap((view) => sessionsOf(view).flatMap((session) => liveOf(view, session)));
}

/**
 * A recovered connection goes on with the session; any other begins one.
 *
 * @returns {recoveries, steps}, steps of the session with the number of recoveries before each
 */
function sessionsOf(view) {
  const sessions = [];
  for (const step of view.steps) {
    if (step.type === "connected" && !step.recovered) sessions.push({ recoveries: 0, steps: [] });
    const session = sessions.at(-1);
    if (!session) continue;
    if (step.type === "connected" && step.recovered) session.recoveries += 1;
    session.steps.push({ ...step, recoveries: session.recoveries });
  }
  return sessions;
}

function liveOf(view, { steps }) {
  const threads = new Map();
  const found = [];
  for (const step of steps) {
    if (step.type !== "message" || step.via !== "live") continue;
    const { threadId, seq, recoveries } = step;
    const thread = threads.get(threadId);
    const where = `seq ${seq} of ${threadId} to ${view.reader}`;
    const say = (kind, text) => found.push(violation(recoveries > 0 ? "false-recovery" : kind,
      `${text}${recoveries > 0 ? ", in a session that was recovered" : ""}`));
    if (!thread) {
      threads.set(threadId, { last: seq, seen: new Set([seq]), missing: new Set() });
    } else if (thread.seen.has(seq)) {
      say("repeated", `${where} came again`);
    } else {
      if (seq < thread.last) say("reordered", `${where} came after ${thread.last}`);
      thread.missing.delete(seq);
      for (let lost = thread.last + 1; lost < seq; lost++) thread.missing.add(lost);
      if (seq > thread.last + 1) thread.gaps = (thread.gaps ?? []).concat({ from: thread.last + 1, to: seq - 1, recoveries });
    }
    if (thread) {
      thread.seen.add(seq);
      thread.last = Math.max(thread.last, seq);
    }
  }
  for (const [threadId, { missing, gaps = [] }] of threads) {
    for (const { from, to, recoveries } of gaps) {
      if (![...missing].some((seq) => seq >= from && seq <= to)) continue;
      found.push(violation(recoveries > 0 ? "false-recovery" : "missed",
        `seq ${from === to ? from : `${from} to ${to}`} of ${threadId} never came live to ${view.reader}`
        + `${recoveries > 0 ? ", whose session was recovered" : ""}`));
    }
  }
  return found;
}

/** A plain app shows its base and what came live: no gap between the two, and nothing missing at the end. */
export function plain(history) {
  return history.views.filter(({ kind, base }) => kind === "plain" && base).flatMap((view) => {
    const firsts = new Map();
    const lasts = new Map();
    for (const { type, threadId, seq } of view.steps) {
      if (type !== "message") continue;
      if (!firsts.has(threadId)) firsts.set(threadId, seq);
      lasts.set(threadId, Math.max(seq, lasts.get(threadId) ?? 0));
    }
    const kind = view.steps.some(({ type, recovered }) => type === "connected" && recovered) ? "false-recovery" : "missed";
    const begins = [...firsts]
      .filter(([threadId, first]) => first > (view.base[threadId] ?? 0) + 1)
      .map(([threadId, first]) => violation(kind,
        `${view.reader} listed ${threadId} up to ${view.base[threadId] ?? 0}, and then got ${first}`));
    if (!view.open) return begins;
    const ends = threadsOf(history, view.uid)
      .map(([threadId, end]) => [threadId, end, Math.max(view.base[threadId] ?? 0, lasts.get(threadId) ?? 0)])
      .filter(([, end, shown]) => shown < end)
      .map(([threadId, end, shown]) => violation(kind, `${view.reader} shows ${threadId} up to ${shown}, it has ${end}`));
    return [...begins, ...ends];
  });
}

/** After each catching-up, an app that syncs shows everything up to the newest it knows; at the end, everything there is. */
export function synced(history) {
  return history.views.filter(({ kind, base }) => kind !== "plain" && base).flatMap((view) => {
    const threads = new Shown(view);
    const found = [];
    const holes = [];
    for (const { type, via, threadId, seq } of view.steps) {
      if (type === "connected" || type === "page") threads.catchingUp.clear();
      if (type === "message" && via === "sync") {
        const before = threads.catchingUp.get(threadId) ?? 0;
        if (seq <= before) found.push(violation("reordered", `seq ${seq} of ${threadId} in a sync of ${view.reader} came after ${before}`));
        threads.catchingUp.set(threadId, seq);
      }
      if (type === "message") threads.show(threadId, seq);
      if (type === "synced") {
        threads.catchingUp.clear();
        holes.push(...threads.newHoles());
      }
    }
    if (view.open) threadsOf(history, view.uid).forEach(([threadId, end]) => threads.reach(threadId, end));
    holes.push(...threads.newHoles());
    return [...found, ...holes.map(({ threadId, seq }) => (threads.shows(threadId, seq)
      ? violation("hole", `${view.reader} had everything as its sync said, but not seq ${seq} of ${threadId}, which came later`)
      : violation("missed", `${view.reader} never got seq ${seq} of ${threadId}`)))];
  });
}

/** What of each thread an app shows. */
class Shown {
  constructor({ base }) {
    this.base = base;
    this.threads = new Map();
    /** The last seq that the sync under way brought, by thread. */
    this.catchingUp = new Map();
  }

  of(threadId) {
    if (!this.threads.has(threadId)) {
      const whole = this.base[threadId] ?? 0;
      this.threads.set(threadId, { whole, above: new Set(), max: whole, told: whole });
    }
    return this.threads.get(threadId);
  }

  show(threadId, seq) {
    const thread = this.of(threadId);
    this.reach(threadId, seq);
    if (seq > thread.whole) thread.above.add(seq);
    while (thread.above.delete(thread.whole + 1)) thread.whole += 1;
  }

  /** The thread is known to go this far. */
  reach(threadId, seq) {
    const thread = this.of(threadId);
    thread.max = Math.max(thread.max, seq);
  }

  shows(threadId, seq) {
    const { whole, above } = this.of(threadId);
    return seq <= whole || above.has(seq);
  }

  /** What is left out now, each told once. */
  newHoles() {
    const found = [];
    for (const [threadId, thread] of this.threads) {
      for (let seq = Math.max(thread.whole, thread.told) + 1; seq <= thread.max; seq++) {
        if (!thread.above.has(seq)) found.push({ threadId, seq });
      }
      thread.told = Math.max(thread.told, thread.max);
    }
    return found;
  }
}

/** The newest page of a thread reaches up to what the list said before, without a gap. */
export function pages(history) {
  return history.pages.flatMap(({ reader, threadId, listed, seqs }) => {
    const whole = seqs.every((seq, i) => i === 0 || seq === seqs[i - 1] - 1);
    const upTo = (seqs[0] ?? 0) >= listed;
    return whole && upTo ? [] : [violation("page", `a page of ${threadId} for ${reader} is not whole up to ${listed}`)];
  });
}

/** Each reading and each new thread is told once in a session. */
export function eventsOnce(history) {
  return history.views.flatMap((view) => sessionsOf(view).flatMap(({ steps }) => {
    const seen = new Set();
    return steps.filter(({ type }) => type === "read" || type === "created").flatMap((step) => {
      const key = step.type === "read" ? `the reading of ${step.messageId} by ${step.userId}` : `the creation of ${step.threadId}`;
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [violation(step.recoveries > 0 ? "false-recovery" : "repeated-event", `${key} was told to ${view.reader} again`)];
    });
  }));
}

/** Every plain app that is still open was told of the threads that began, and of how far everybody has read. */
export function eventsComplete(history) {
  const truth = truthOf(history);
  return history.views.filter(({ kind, open, base }) => kind === "plain" && open && base).flatMap((view) => {
    const created = new Set(view.steps.filter(({ type }) => type === "created").map(({ threadId }) => threadId));
    const threads = threadsOf(history, view.uid)
      .filter(([threadId]) => !(threadId in view.base) && !created.has(threadId))
      .map(([threadId]) => violation("untold", `${view.reader} was not told that ${threadId} began`));
    const shown = new Map();
    for (const { type, threadId, userId, seq } of view.steps) {
      if (type === "read") shown.set(`${threadId} ${userId}`, Math.max(seq, shown.get(`${threadId} ${userId}`) ?? 0));
    }
    const readings = history.ends.filter(({ reader, path }) => reader === view.uid && path === "threads")
      .flatMap(({ threadId, watermarks }) => Object.entries(watermarks).map(([userId, seq]) => ({ threadId, userId, seq })))
      .filter(({ threadId, userId, seq }) => {
        const own = truth.get(threadId)?.findLast(({ senderId }) => senderId === userId)?.seq ?? 0;
        const listed = view.baseWatermarks?.[threadId]?.[userId] ?? 0;
        return Math.max(own, listed, shown.get(`${threadId} ${userId}`) ?? 0) !== seq;
      })
      .map(({ threadId, userId, seq }) => violation("untold", `${view.reader} was not told that ${userId} read ${threadId} up to ${seq}`));
    return [...threads, ...readings];
  });
}
