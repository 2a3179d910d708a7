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
  "hook-cut": [2_000, 5_000],
  "hook-silence": [2_000, 5_000],
  "api-kill": [100, 1_000],
  "client-cut": [0, 0],
  "client-silence": [2_000, 9_000],
  "client-slow": [4_000, 8_000],
  "client-move": [0, 0],
};

/** What a round has more than one of: clients lose their connection far more often than a server dies. */
const OFTEN = ["client-cut", "client-cut", "client-silence", "client-move"];

/**
 * Rounds in which every kind comes, in any order, spread over the time; at least one round.
 *
 * @param from when the first may come, in milliseconds
 * @param until when the last comes at the latest
 * @param spacing between two faults, on average
 */
export function schedule(random, { from, until, spacing, kinds = [...Object.keys(KINDS), ...OFTEN] }) {
  const rounds = Math.max(1, Math.round((until - from) / (spacing * kinds.length)));
  const faults = Array.from({ length: rounds }, () => random.shuffled(kinds)).flat();
  const slot = (until - from) / faults.length;
  return faults.map((kind, i) => ({
    kind,
    at: Math.round(from + slot * (i + random.next())),
    lasts: random.int(...KINDS[kind]),
    node: random.int(0, 1),
    share: 0.15 + 0.35 * random.next(),
    rate: random.int(300, 3_000),
    clients: random.int(0, 2 ** 31),
  }));
}
