/** How much of everything. QUICK=1 only shows that all of it works: its figures say nothing. */
const FULL = {
  rounds: 3,
  seconds: 3,
  /** With as much as gets through, until what a compiler makes of a program stays the same: the one of the JVM shares the server's core. */
  warmUp: { cove: 60, node: 10 },
  /** Before each measurement, for the generator's own sake. */
  settle: 1,
  /** Messages under way where there are as many as get through: enough for a server to put some together. */
  window: 200,
  /** In each thread before it begins: of a table that is empty when it is analysed, PostgreSQL believes so for a minute. */
  said: 20,
  direct: { threads: 200, from: 250, precision: 0.08, seconds: 2 },
  many: { threads: [2_000, 10_000], rounds: 1 },
  groups: { threads: { 50: 40, 250: 8 }, window: 40, rounds: 2 },
  idle: { connections: [10_000, 50_000], settle: 52, seconds: 52, rounds: 1 },
  storm: { connections: 3_000, together: 50, before: { cove: 12, node: 3 }, counted: 5, rounds: 3 },
  reconnect: { clients: 10_000, rate: 20, rounds: 1 },
  reads: { messages: [10_000, 10_000_000], each: 1_000, busy: 5_000, warmUp: { cove: 40, node: 4 }, seconds: 2, window: 8, rounds: 2 },
  limits: { connections: 400, window: 200, seconds: 3, rounds: 3, inserts: { batches: [1, 10, 50, 100, 200, 500], writers: 4, seconds: 2, threads: 2_000, messagesEach: 100 } },
};

const QUICK = {
  rounds: 1,
  seconds: 0.5,
  /** A class is loaded once: what is measured is to hold some messages on a busy machine, too. */
  warmUp: { cove: 1, node: 0.3 },
  settle: 0.1,
  /** Rather than ten seconds. */
  drainMs: 300,
  window: 8,
  said: 3,
  direct: { threads: 4, from: 20, to: 40, precision: 1, seconds: 0.3, limit: 5_000 },
  many: { threads: [8], rounds: 1 },
  groups: { threads: { 5: 4 }, window: 4, rounds: 1 },
  idle: { connections: [10], settle: 0, seconds: 0.5, rounds: 1 },
  storm: { connections: 20, together: 5, before: { node: 0 }, counted: 1, rounds: 1 },
  reconnect: { clients: 20, rate: 20, rounds: 1 },
  reads: { messages: [200], each: 20, busy: 30, warmUp: { cove: 1, node: 0.3 }, seconds: 0.5, window: 2, rounds: 1 },
  limits: { connections: 8, window: 4, seconds: 0.3, rounds: 1, inserts: { batches: [1, 10], writers: 2, seconds: 0.2, threads: 2_000, messagesEach: 1 } },
};

export const quick = process.env.QUICK === "1";
const usual = quick ? QUICK : FULL;

export const plan = {
  ...usual,
  seconds: Number(process.env.SECONDS || usual.seconds),
  rounds: Number(process.env.ROUNDS || usual.rounds),
  only: new RegExp(process.env.ONLY || ""),
};

/** What always comes out alike, or takes long, is repeated less often. */
export const roundsOf = (scenario) => Math.min(plan.rounds, plan[scenario].rounds ?? plan.rounds);
