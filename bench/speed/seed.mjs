/**
 * People, threads and messages for a measurement: the same in our schema and in the peer's, made by the database itself. Users are u1 to
 * uN; thread i, from 1, has its number in its id, and of threads of `size` people u((i-1)*size+1) to u(i*size) are in it.
 */

/** The moment that all began; each message is a second younger than the one before it in its thread. */
const EPOCH = "timestamptz '2026-01-01 00:00:00Z'";
/** Of one statement: some seconds of work. */
const BATCH = 500_000;
/** For fewer messages it is not worth it to build the indexes anew. */
const BULK = 200_000;
/** A user who is in many threads, and the threads' other members. */
const BUSY_SIZE = 4;
const STATEMENT_MS = 15 * 60_000;

/** What both schemas have, and where they differ. */
const SCHEMAS = {
  cove: {
    direct: { columns: ", direct_low, direct_high", values: `, CASE WHEN %direct THEN least(%a, %b) END, CASE WHEN %direct THEN greatest(%a, %b) END` },
    lastMessage: "",
  },
  peer: { direct: { columns: "", values: "" }, lastMessage: ", last_message_id" },
};

/** The messages' indexes and constraints, from the schema itself, in the order in which they can be made again. */
const TAKE_INDEXES = `
  CREATE TEMP TABLE taken AS
    SELECT CASE contype WHEN 'p' THEN 1 WHEN 'u' THEN 1 ELSE 3 END AS place, conname::text AS name,
           format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS build
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f', 'c') AND (conrelid = 'message'::regclass OR confrelid = 'message'::regclass)
    UNION ALL
    SELECT 2, indexrelid::regclass::text, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = 'message'::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid);
  DO $$ DECLARE step text; BEGIN
    FOR step IN SELECT drop FROM taken ORDER BY place DESC, name LOOP EXECUTE step; END LOOP;
  END $$`;
const BUILD_INDEXES = `
  DO $$ DECLARE step text; BEGIN
    FOR step IN SELECT build FROM taken ORDER BY place, name LOOP EXECUTE step; END LOOP;
  END $$;
  DROP TABLE taken`;

export const threadId = (i) => `01935c2e-5a00-7000-8000-${i.toString(16).padStart(12, "0")}`;
const THREAD = "('01935c2e-5a00-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid";
/** As version 7 has them: in order of time, which is where an index takes them best. */
const MESSAGE = `(lpad(to_hex((extract(epoch FROM ${EPOCH}) * 1000)::bigint + seq * 1000), 12, '0')
  || '7' || lpad(to_hex(i & 4095), 3, '0') || '8' || lpad(to_hex(seq & 4095), 3, '0') || lpad(to_hex(i), 12, '0'))::uuid`;
const at = (seq) => `${EPOCH} + (${seq}) * interval '1 second'`;

/**
 * @param session of sql.mjs, of the schema's own database
 * @param of schema: "cove" or "peer"; threads; size of each, two makes them direct; messagesEach, the members say them in turn; inBulk, the messages' indexes are built when all are there
 * @returns {users, threads, messages, seconds}
 */
export async function seed(session, { schema, threads, size = 2, messagesEach = 0, inBulk = threads * messagesEach >= BULK }) {
  const users = threads * size;
  const member = (k) => `'u' || ((i - 1) * ${size} + ${k})`;
  return filled(session, { schema, from: 1, to: threads, messagesEach, inBulk }, [
    `INSERT INTO app_user (id, name) SELECT 'u' || n, 'User ' || n FROM generate_series(1, ${users}) n ON CONFLICT DO NOTHING`,
    threadsOf(schema, { from: 1, to: threads, size, messagesEach, first: member(1), second: member(2) }),
    membersOf({ from: 1, to: threads, size, messagesEach, member: member("k") }),
  ], `'u' || ((i - 1) * ${size} + 1 + (seq - 1) % ${size})`).then((made) => ({ users, ...made }));
}

/**
 * A user who is in so many groups of four, which come after those there are; the other members are some of u1 to u(`users`).
 *
 * @param of schema; user; threads; after, the number of the last thread there is; users; messagesEach
 */
export async function seedBusy(session, { schema, user, threads, after, users, messagesEach = 1, inBulk = threads * messagesEach >= BULK }) {
  const [from, to] = [after + 1, after + threads];
  const other = (k) => `'u' || (1 + (i * ${BUSY_SIZE} + ${k}) % ${users})`;
  return filled(session, { schema, from, to, messagesEach, inBulk }, [
    `INSERT INTO app_user (id, name) VALUES ('${user}', 'Busy')`,
    threadsOf(schema, { from, to, size: BUSY_SIZE, messagesEach, first: `'${user}'`, second: other(2) }),
    membersOf({ from, to, size: BUSY_SIZE, messagesEach, member: `CASE k WHEN 1 THEN '${user}' ELSE ${other("k")} END` }),
  ], `CASE seq % 2 WHEN 1 THEN '${user}' ELSE ${other(2)} END`);
}

function threadsOf(schema, { from, to, size, messagesEach, first, second }) {
  const direct = SCHEMAS[schema].direct;
  const isDirect = size === 2;
  const values = direct.values.replaceAll("%direct", String(isDirect)).replaceAll("%a", `(${first}) COLLATE "C"`).replaceAll("%b", `(${second}) COLLATE "C"`);
  return `
    INSERT INTO thread (id, kind, title, created_by, last_seq, created_at, updated_at${direct.columns})
    SELECT ${THREAD}, '${isDirect ? "direct" : "group"}', ${isDirect ? "NULL" : "'Thread ' || i"}, ${first}, ${messagesEach}, ${EPOCH}, ${at(messagesEach)}${values}
    FROM generate_series(${from}, ${to}) i`;
}

function membersOf({ from, to, size, messagesEach, member }) {
  return `
    INSERT INTO thread_member (thread_id, user_id, role, joined_at, last_read_seq)
    SELECT ${THREAD}, ${member}, ${size === 2 ? "'member'" : "CASE k WHEN 1 THEN 'owner' ELSE 'member' END"}, ${EPOCH}, ${messagesEach} / 2
    FROM generate_series(${from}, ${to}) i, generate_series(1, ${size}) k`;
}

async function filled(session, { schema, from, to, messagesEach, inBulk }, first, sender) {
  const started = performance.now();
  const messages = (to - from + 1) * messagesEach;
  session.socket.setTimeout(STATEMENT_MS);
  await session.run("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'");
  for (const statement of first) await session.run(statement);
  if (inBulk) await session.run(TAKE_INDEXES);
  const step = Math.max(1, Math.floor(BATCH / Math.max(1, messagesEach)));
  for (let i = from; messagesEach > 0 && i <= to; i += step) {
    await session.run(`
      INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
      SELECT ${MESSAGE}, ${THREAD}, seq, ${sender}, rpad(seq || ' of thread ' || i || ' ', 120, 'said before anybody measured; '), ${at("seq")}
      FROM generate_series(${i}::bigint, ${Math.min(to, i + step - 1)}::bigint) i, generate_series(1, ${messagesEach}) seq`);
  }
  if (inBulk) await session.run(BUILD_INDEXES);
  if (SCHEMAS[schema].lastMessage && messagesEach > 0) {
    await session.run(`UPDATE thread SET last_message_id = message.id FROM message
      WHERE message.thread_id = thread.id AND message.seq = thread.last_seq AND thread.last_message_id IS NULL`);
  }
  await session.run("VACUUM ANALYZE");
  await session.run("CHECKPOINT");
  return { threads: to - from + 1, messages, seconds: (performance.now() - started) / 1_000 };
}
