/**
 * `make bench-repair`: what each node's look at what was stored costs PostgreSQL, of one message, one reading and one member, in
 * microseconds of its CPU. The statements are those of NewsDao.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Postgres } from "../../local/src/test/faults/postgres.mjs";
import { freePorts, Program } from "../../local/src/test/faults/program.mjs";
import { Session } from "../../local/src/test/faults/sql.mjs";
import { cpuOfFamily } from "./meters.mjs";
import { peopleOf, sqlOf } from "./people.mjs";
import { run } from "./run.mjs";

const TARGET = fileURLToPath(new URL("../target/repair", import.meta.url));
const DAO = readFileSync(new URL("../../db/src/main/java/com/cove/db/news/NewsDao.java", import.meta.url), "utf8");
const PAGE = 1_000;
const WATCHDOG_MS = 5 * 60_000;
const [PEOPLE, SIZE, TIMES] = [4_000, 20, 200];
const NOTHING = "'00000000-0000-0000-0000-000000000000'";
const PARAMETERS = {
  "ANY (:threads)": `ANY (ARRAY(SELECT id FROM thread LIMIT ${PAGE / SIZE}))`,
  ":storedIn": "'1'", ":thread": NOTHING, ":message": NOTHING, ":seq": "0", ":user": "''", ":limit": String(PAGE),
};

/** A statement of the DAO's, by the method it stands before. */
function statement(method) {
  const blocks = [...DAO.matchAll(/@SqlQuery\("""(.*?)"""\)(.*?);/gs)];
  const [, sql] = blocks.find(([, , declaration]) => declaration.includes(` ${method}(`));
  return Object.entries(PARAMETERS).reduce((text, [name, value]) => text.replaceAll(name, value), sql);
}

async function repair() {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  const [database, SOCKET_PORT, INTERNAL_PORT] = await freePorts(3);
  const postgres = new Postgres(TARGET, database);
  await postgres.create();
  const url = `postgresql://postgres@127.0.0.1:${database}/postgres`;
  // Makes the schema.
  const node = new Program("node", "LocalSocketMain", TARGET, { DATABASE_URL: url, SOCKET_PORT, INTERNAL_PORT });
  await node.start();
  await node.end("SIGTERM");
  const session = await Session.open(database);
  session.socket.setMaxListeners(0);
  await fill(session);
  for (const method of ["messages", "reads", "memberRows"]) {
    const sql = statement(method);
    await session.run(sql);
    const before = cpuOfFamily(postgres.child.pid);
    for (let i = 0; i < TIMES; i += 1) await session.run(sql);
    console.log(`${method}: ${((1e6 * (cpuOfFamily(postgres.child.pid) - before)) / TIMES / PAGE).toFixed(2)} µs a row`);
  }
  session.close();
  await postgres.stop();
}

async function fill(session) {
  await session.run(sqlOf(peopleOf("repair", 0, PEOPLE, [SIZE])));
  await session.run(`INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
    SELECT gen_random_uuid(), id, seq, created_by, repeat('x', 60), now() FROM thread, generate_series(1, 100) seq`);
  await session.run(`INSERT INTO message_read (message_id, user_id, read_at, thread_id)
    SELECT message.id, user_id, now(), thread_id FROM message JOIN thread_member USING (thread_id) WHERE seq <= 10`);
  await session.run("VACUUM ANALYZE");
}

await run(repair, WATCHDOG_MS);
