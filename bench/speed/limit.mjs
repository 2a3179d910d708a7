/**
 * What PostgreSQL takes at most: rows a second into our table of messages, with all its indexes and constraints, each batch one prepared
 * statement and one durable commit. Alone, `node bench/speed/limit.mjs` starts a PostgreSQL of its own; PG_SECONDS=… of each point (3).
 */
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Postgres } from "../../local/src/test/faults/postgres.mjs";
import { freePorts, pause, Program } from "../../local/src/test/faults/program.mjs";
import { Session } from "../../local/src/test/faults/sql.mjs";
import { quietly } from "../made.mjs";
import { cpuOfFamily } from "../nodes/meters.mjs";
import { run } from "../nodes/run.mjs";
import { preparePeer } from "./peer.mjs";
import { seed, threadId } from "./seed.mjs";

export const BATCHES = [1, 10, 50, 100, 200, 500];
export const CONNECTIONS = [1, 2, 4, 8];
const THREADS = 2_000;
const MESSAGES_EACH = 100;
const WARM_UP_MS = 500;
const WATCHDOG_MS = 15 * 60_000;

const INSERT = `
  INSERT INTO message (id, thread_id, seq, sender_id, content, client_message_id, created_at)
  SELECT uuidv7(), given.*, clock_timestamp()
  FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[]) AS given (thread_id, seq, sender_id, content, client_message_id)`;

/** A seq that no thread has had: threads share one count. */
let seq = 1_000_000;

function batchOf(size) {
  const rows = Array.from({ length: size }, () => ({ thread: 1 + Math.floor(Math.random() * THREADS), seq: (seq += 1) }));
  return [
    rows.map(({ thread }) => threadId(thread)), rows.map((row) => row.seq), rows.map(({ thread }) => `u${2 * thread}`),
    rows.map((row) => `${row.seq} `.padEnd(120, "written as fast as it goes; ")), rows.map((row) => `c-${row.seq}`),
  ];
}

/**
 * Of one number of connections and rows a statement. The rows stay.
 *
 * @param pool a pool of pg with so many connections at least
 * @param pid PostgreSQL's first process
 */
async function point({ pool, pid, connections, batch, seconds }) {
  let going = true;
  let statements = 0;
  const writer = async () => {
    const client = await pool.connect();
    while (going) {
      await client.query({ name: "limit", text: INSERT, values: batchOf(batch) });
      statements += 1;
    }
    client.release();
  };
  const writers = Array.from({ length: connections }, writer);
  await pause(WARM_UP_MS);
  const meter = () => ({ at: performance.now(), statements, postgres: cpuOfFamily(pid), client: process.cpuUsage() });
  const before = meter();
  await pause(seconds * 1_000);
  const after = meter();
  going = false;
  await Promise.all(writers);
  const took = (after.at - before.at) / 1_000;
  const own = (usage) => (usage.user + usage.system) / 1e6;
  const rate = ((after.statements - before.statements) * batch) / took;
  const cores = (after.postgres - before.postgres) / took;
  return {
    connections, batch, rate: round(rate), commits: round((after.statements - before.statements) / took),
    postgresCores: round(cores, 2), rowsPerCpuSecond: round(rate / cores), clientCores: round((own(after.client) - own(before.client)) / took, 2),
  };
}

const round = (value, digits = 0) => Number(value.toFixed(digits));

/**
 * @param port of a PostgreSQL with our schema, seeded with 2,000 direct threads
 * @param pid its first process
 * @param peerHome what preparePeer made: pg is there
 * @returns {scenario: "limit", points, best}
 */
export async function limit({ port, pid, database = "postgres", peerHome, seconds = 3, batches = BATCHES, connections = CONNECTIONS, heard = () => {} }) {
  const pg = createRequire(`${peerHome}/`)("pg");
  const pool = new pg.Pool({ connectionString: `postgresql://postgres@127.0.0.1:${port}/${database}`, max: Math.max(...connections) });
  const points = [];
  for (const batch of batches) {
    for (const count of connections) {
      points.push(await point({ pool, pid, connections: count, batch, seconds }));
      heard(points.at(-1));
    }
  }
  await pool.end();
  return { scenario: "limit", seconds, points, best: points.reduce((a, b) => (b.rate > a.rate ? b : a)) };
}

async function main() {
  const home = fileURLToPath(new URL("../target/limit", import.meta.url));
  const peerHome = fileURLToPath(new URL("../target/peer-node", import.meta.url));
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  preparePeer(peerHome);
  const [port, SOCKET_PORT, INTERNAL_PORT] = await freePorts(3);
  const apart = cpus().length > 1;
  const postgres = new Postgres(home, port, { host: "127.0.0.1", within: apart ? ["taskset", "-c", "1"] : [] });
  await postgres.create();
  const schema = new Program("schema", "LocalSocketMain", home, { DATABASE_URL: `postgresql://postgres@127.0.0.1:${port}/postgres`, SOCKET_PORT, INTERNAL_PORT });
  await schema.start();
  await schema.end("SIGTERM");
  const session = await Session.open(port);
  await seed(session, { schema: "cove", threads: THREADS, messagesEach: MESSAGES_EACH });
  session.close();
  if (apart) quietly("taskset", ["-acp", "0", String(process.pid)]);
  const result = await limit({
    port, pid: postgres.child.pid, peerHome, seconds: Number(process.env.PG_SECONDS || 3), heard: (point) => console.error(JSON.stringify(point)) });
  await postgres.stop();
  console.log(JSON.stringify({ result }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(main, WATCHDOG_MS);
