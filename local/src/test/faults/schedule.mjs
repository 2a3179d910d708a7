/** Which faults come when: decided before the run, from its seed. */

/** Every kind, with how long it lasts in milliseconds; what has to start again takes as long as that takes on top. */
export const KINDS = {
  "socket-kill": [100, 2_000],
  "socket-term": [100, 1_000],
  "socket-freeze": [1_000, 5_000],
  "postgres-kill": [100, 2_000],
  "postgres-forget": [100, 500],
  "postgres-restart": [100, 1_000],
  "postgres-crash": [100, 500],
  "database-cut": [0, 0],
  "database-silence": [1_000, 4_000],
  "database-slow": [1_000, 4_000],
  "hook-cut": [2_000, 5_000],
  "hook-silence": [2_000, 5_000],
  "api-kill": [100, 1_000],
  "client-cut": [0, 0],
  "client-silence": [2_000, 9_000],
  "client-slow": [4_000, 8_000],
  "client-move": [0, 0],
  "redis-kill": [100, 2_000],
  "redis-freeze": [500, 4_000],
  "redis-flush": [0, 0],
  "redis-full": [1_000, 4_000],
  "redis-cut": [0, 0],
  "redis-silence": [500, 4_000],
  "redis-slow": [1_000, 4_000],
  "net-database": [12_000, 15_000],
  "net-alone": [12_000, 15_000],
  "net-clients": [10_000, 14_000],
  "net-loss": [10_000, 14_000],
  "net-delay": [8_000, 12_000],
  "net-redis": [3_000, 6_000],
};

/** Kinds that take away nothing but hints: everything arrives by repair, and nobody notices but by that. */
export const HINTS_ONLY = /^(redis|hook)-|^net-redis$/;

/** What a round has more than one of: clients lose their connection far more often than a server dies. */
const OFTEN = ["client-cut", "client-cut", "client-silence", "client-move"];

/** At the end of a run only hints are lost, so that what that costs shows: this share of it, and at least these milliseconds. */
const ALONE = { share: 0.2, least: 12_000 };
/** Before that, what the other faults have done must be over. */
const REST_MS = 6_000;

/**
 * A run's faults: rounds of all of these kinds, and in the end rounds of those that only lose hints.
 *
 * @param plan as for {@link rounds}; kinds are all that may come
 */
export function schedule(random, { kinds, ...plan }) {
  const hints = kinds.filter((kind) => HINTS_ONLY.test(kind));
  if (hints.length === kinds.length || hints.length === 0) return rounds(random, { ...plan, kinds });
  const alone = Math.min(plan.until / 2, Math.max(ALONE.least, plan.until * ALONE.share));
  const often = OFTEN.filter((kind) => kinds.includes(kind));
  return [
    ...rounds(random, { ...plan, until: plan.until - alone, kinds: [...kinds, ...often] }),
    ...rounds(random, { ...plan, from: plan.until - alone + Math.min(REST_MS, alone / 2), kinds: hints }),
  ];
}

/**
 * Rounds in which every kind comes, in any order, spread over the time; at least one round.
 *
 * @param from when the first may come, in milliseconds
 * @param until when the last comes at the latest
 * @param spacing between two faults, on average
 * @param nodes how many socket servers there are
 */
function rounds(random, { from, until, spacing, nodes, kinds }) {
  const count = Math.max(1, Math.round((until - from) / (spacing * kinds.length)));
  const faults = Array.from({ length: count }, () => random.shuffled(kinds)).flat();
  const slot = (until - from) / faults.length;
  return faults.map((kind, i) => ({
    kind,
    at: Math.round(from + slot * (i + random.next())),
    lasts: random.int(...KINDS[kind]),
    node: random.int(0, nodes - 1),
    share: 0.15 + 0.35 * random.next(),
    rate: random.int(300, 3_000),
    lag: random.int(50, 1_500),
    clients: random.int(0, 2 ** 31),
  }));
}
