/**
 * Systems that break a promise on purpose, by settings alone: each shows that the judge finds what it is there for.
 *
 *   redis    whether the nodes tell each other through Redis
 *   socket   settings of the socket servers that differ
 *   prepare  what is done before the writers begin
 *   kinds    the faults of such a run
 *   healing  whether what `prepare` cut off is there again in the end
 *   pollers  how many users poll, each every `interval` milliseconds
 *   caught   a kind of violation that must be found
 */
const NOTHING = { redis: true, socket: {}, prepare: async () => {}, kinds: [], healing: true, pollers: 4, interval: 500 };

export const VARIANTS = {
  /** PostgreSQL says "committed" before anything is on the disk, and dies. The schema and its users are on the disk. */
  "ack-before-commit": {
    ...NOTHING,
    prepare: async ({ postgres }) => {
      await postgres.stop();
      postgres.settings = { synchronous_commit: "off", wal_writer_delay: "10s" };
      await postgres.start();
    },
    kinds: ["postgres-kill", "postgres-kill"],
    caught: "lost",
  },

  /** The hook never comes through, no node tells another, and nobody looks for what was not told. */
  "no-repair": {
    ...NOTHING,
    redis: false,
    socket: { REPAIR_INTERVAL_MS: 60_000 },
    prepare: async (system) => system.hook.refuse(),
    healing: false,
    caught: "missed",
  },

  /**
   * The horizon is where the next transaction begins, as if transactions committed in the order of their numbers: one that
   * still ran is left out. A function of ours comes before PostgreSQL's own in the search path. Messages take up to 200 ms
   * to be stored, so that on any machine transactions commit out of order between somebody's two looks.
   */
  "sequence-cursor": {
    ...NOTHING,
    prepare: async ({ postgres }) => {
      await postgres.stop();
      await postgres.alone(`
        CREATE SCHEMA broken;
        CREATE FUNCTION broken.pg_snapshot_xmin(snapshot pg_snapshot) RETURNS xid8
          LANGUAGE sql STABLE AS 'SELECT pg_catalog.pg_snapshot_xmax(snapshot)';
        CREATE FUNCTION broken.linger() RETURNS trigger
          LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(random() * 0.2); RETURN NULL; END';
        CREATE TRIGGER linger AFTER INSERT ON message FOR EACH STATEMENT EXECUTE FUNCTION broken.linger();
        ALTER DATABASE postgres SET search_path = broken, pg_catalog, public;`);
      await postgres.start();
    },
    pollers: 8,
    interval: 100,
    caught: "missed",
  },
};

/** The system as it is. */
export const SOUND = { ...NOTHING, kinds: undefined, caught: undefined };
