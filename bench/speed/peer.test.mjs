/** Both peers, started for real, keep the contract in what is measured, and both schemas are seeded with the same rows. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Postgres } from "../../local/src/test/faults/postgres.mjs";
import { freePorts, Program } from "../../local/src/test/faults/program.mjs";
import { Session } from "../../local/src/test/faults/sql.mjs";
import { startGoogle } from "../google.mjs";
import { limit } from "./limit.mjs";
import { createPeerDatabase, Peer, PEER_DATABASE, preparePeer } from "./peer.mjs";
import { seed, seedBusy, threadId } from "./seed.mjs";

const PATIENCE_MS = 20_000;
const HOME = fileURLToPath(new URL("../target/peer-node", import.meta.url));
const DATABASES = { cove: "postgres", peer: PEER_DATABASE };
const [THREADS, MESSAGES, BUSY] = [20, 10, 5];
const { io } = createRequire(new URL("../../local/package.json", import.meta.url))("socket.io-client");

const folder = mkdtempSync(`${tmpdir()}/cove-peer-`);
const sessions = {};
let postgres;
let google;
let pg;

before(async () => {
  mkdirSync(`${HOME}/..`, { recursive: true });
  preparePeer(HOME);
  pg = createRequire(`${HOME}/`)("pg");
  const [port, SOCKET_PORT, INTERNAL_PORT, googlePort] = await freePorts(4);
  postgres = new Postgres(folder, port);
  await postgres.create();
  const schema = new Program("schema", "LocalSocketMain", folder, { DATABASE_URL: `postgresql://postgres@127.0.0.1:${port}/postgres`, SOCKET_PORT, INTERNAL_PORT });
  await schema.start();
  await schema.end("SIGTERM");
  await createPeerDatabase(port);
  google = await startGoogle(folder, googlePort);
});

after(async () => {
  google?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows of a query in each schema. */
async function both(query) {
  const rows = {};
  for (const [schema, database] of Object.entries(DATABASES)) {
    const client = new pg.Client({ connectionString: `postgresql://postgres@127.0.0.1:${postgres.port}/${database}` });
    await client.connect();
    rows[schema] = (await client.query(query)).rows;
    await client.end();
  }
  return rows;
}

const CONSTRAINTS = `
  SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'message'::regclass OR confrelid = 'message'::regclass
  UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'message' ORDER BY 1, 2`;

it("the same rows are seeded in both schemas, and the indexes are as before", async () => {
  const constraints = await both(CONSTRAINTS);
  for (const [schema, database] of Object.entries(DATABASES)) {
    const session = await Session.open(postgres.port, "127.0.0.1", database);
    const { users } = await seed(session, { schema, threads: THREADS, size: 2, messagesEach: MESSAGES, inBulk: true });
    await seedBusy(session, { schema, user: "busy", threads: BUSY, after: THREADS, users, messagesEach: 3 });
    session.close();
  }

  assert.deepEqual(await both(CONSTRAINTS), constraints);
  const queries = [
    "SELECT id, name, image_url FROM app_user ORDER BY id",
    "SELECT id, kind, title, created_by, last_seq::integer, created_at, updated_at FROM thread ORDER BY id",
    "SELECT thread_id, user_id, role, last_read_seq::integer, joined_at FROM thread_member ORDER BY thread_id, user_id",
    "SELECT id, thread_id, seq::integer, sender_id, content, client_message_id, created_at FROM message ORDER BY thread_id, seq",
  ];
  for (const query of queries) {
    const { cove, peer } = await both(query);
    assert.ok(cove.length > THREADS);
    assert.deepEqual(peer, cove);
  }
});

for (const store of ["pg", "prisma"]) {
  describe(`the peer with ${store}`, () => {
    let peer;
    const open = [];

    before(async () => {
      const [port] = await freePorts(1);
      peer = new Peer({ store, home: HOME, folder, port, databasePort: postgres.port, google });
      await peer.start();
    });

    after(async () => {
      for (const socket of open) socket.disconnect();
      await peer?.end();
    });

    async function connect(uid) {
      const socket = io(`http://127.0.0.1:${peer.port}`, {
        auth: { token: google.token(uid) }, transports: ["websocket"], forceNew: true, ackTimeout: PATIENCE_MS, retries: 0, reconnectionDelay: 10 });
      open.push(socket);
      socket.messages = [];
      socket.on("new_message", ({ message }) => {
        socket.messages.push(message);
        socket.heard?.();
      });
      await new Promise((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject));
      return socket;
    }

    async function hears(socket, count) {
      const late = AbortSignal.timeout(PATIENCE_MS);
      while (socket.messages.length < count) {
        await new Promise((resolve, reject) => {
          socket.heard = resolve;
          late.onabort = () => reject(new Error(`${socket.messages.length} of ${count} messages`));
        });
      }
      return socket.messages;
    }

    async function call(uid, path, body) {
      const answer = await fetch(`http://127.0.0.1:${peer.port}${path}`, {
        method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers: { authorization: `Bearer ${google.token(uid)}` } });
      return [answer.status, await answer.json()];
    }

    it("acknowledges a message with what it stored, and delivers the same", async () => {
      const [sender, member, stranger] = [await connect("u1"), await connect("u2"), await connect("u3")];
      const given = { threadId: threadId(1), content: "Is 1 < 2?", clientMessageId: `first-${store}` };

      const { ok, message } = await sender.emitWithAck("send_message", given);

      assert.equal(ok, true);
      assert.deepEqual({ ...message, id: 0, seq: 0, createdAt: 0 }, {
        id: 0, seq: 0, createdAt: 0, threadId: threadId(1), senderId: "u1", content: "Is 1 < 2?", contentHtml: "Is 1 &lt; 2?",
        clientMessageId: `first-${store}`, sender: { id: "u1", name: "u1", imageUrl: null } });
      assert.match(message.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.deepEqual((await hears(member, 1))[0], message);
      assert.deepEqual((await hears(sender, 1))[0], message);
      assert.deepEqual((await sender.emitWithAck("send_message", given)).message, message);
      assert.equal((await sender.emitWithAck("send_message", { ...given, content: "Other" })).error.code, "conflict");
      assert.equal((await stranger.emitWithAck("send_message", given)).error.code, "not_found");
      assert.deepEqual(stranger.messages, []);
    });

    it("tells the messages of a thread in the order of their numbers, without a gap", async () => {
      const [one, other] = [await connect("u5"), await connect("u6")];

      await Promise.all(Array.from({ length: 40 }, (_, i) => [one, other][i % 2].emitWithAck("send_message", { threadId: threadId(3), content: `${i}` })));

      const seqs = (await hears(other, 40)).map(({ seq }) => seq);
      assert.deepEqual(seqs, Array.from({ length: 40 }, (_, i) => seqs[0] + i));
      assert.deepEqual((await hears(one, 40)).map(({ seq }) => seq), seqs);
    });

    it("answers lists, pages and what changed as the contract says", async () => {
      const [, list] = await call("busy", "/threads?limit=2");
      const [, rest] = await call("busy", `/threads?limit=100&page=${list.nextPage}`);
      assert.deepEqual([list.threads.length, rest.threads.length, rest.nextPage], [2, BUSY - 2, null]);
      const thread = list.threads[0];
      assert.equal(thread.participants.length, 4);
      assert.deepEqual(Object.keys(thread.participants[0]).sort(), ["id", "imageUrl", "lastReadAt", "lastReadSeq", "name", "role"]);
      assert.equal(thread.lastMessage.seq, thread.lastSeq);

      const [status, sent] = await call("busy", "/send-message", { threadId: thread.id, content: "Over REST" });
      assert.equal(status, 201);
      const [, page] = await call("busy", `/thread-messages?threadId=${thread.id}&limit=2`);
      assert.deepEqual(page.messages[0], sent.message);
      assert.deepEqual([page.hasMore, page.nextCursor], [true, sent.message.seq - 1]);
      const [, up] = await call("busy", `/thread-messages?threadId=${thread.id}&after=${sent.message.seq - 1}`);
      assert.deepEqual(up, { messages: [sent.message], nextCursor: null, hasMore: false });
      assert.equal((await call("u1", `/thread-messages?threadId=${threadId(2)}`))[0], 404);

      const [, changed] = await call("busy", `/sync?cursor=${list.cursor}`);
      assert.deepEqual(changed.threads.at(-1).lastMessage, sent.message);
      assert.deepEqual(changed.messages.at(-1), sent.message);

      const reader = await connect("busy");
      const readings = new Promise((resolve) => reader.once("message_read", resolve));
      const read = await reader.emitWithAck("mark_read", { messageId: sent.message.id });
      assert.equal((await readings).lastReadSeq, sent.message.seq);
      assert.deepEqual(Object.keys(read).sort(), ["messageId", "ok", "readAt", "threadId", "userId"]);
    });

    it("brings a client back with what it missed", async () => {
      const [sender, member] = [await connect("u9"), await connect("u10")];
      await sender.emitWithAck("send_message", { threadId: threadId(5), content: "before" });
      await hears(member, 1);
      const back = new Promise((resolve) => member.once("connect", resolve));
      const gone = new Promise((resolve) => member.once("disconnect", resolve));
      member.io.reconnection(false);
      member.io.engine.close();
      await gone;
      await sender.emitWithAck("send_message", { threadId: threadId(5), content: "meanwhile" });
      member.connect();
      await back;

      assert.equal(member.recovered, true);
      assert.deepEqual((await hears(member, 2)).map(({ content }) => content), ["before", "meanwhile"]);
    });

    it("refuses who has no token of Google's", async () => {
      const socket = io(`http://127.0.0.1:${peer.port}`, { auth: { token: "no.such.token" }, transports: ["websocket"], forceNew: true });
      open.push(socket);
      const error = await new Promise((resolve) => socket.once("connect_error", resolve));
      assert.deepEqual([error.message, error.data.code], ["unauthenticated", "unauthenticated"]);
    });
  });
}

it("the limit of PostgreSQL is measured in rows", async () => {
  const session = await Session.open(postgres.port);
  // Threads that there are already stay as they are.
  await session.run("TRUNCATE app_user CASCADE");
  await seed(session, { schema: "cove", threads: 2_000 });
  session.close();

  const { points } = await limit({ port: postgres.port, pid: postgres.child.pid, peerHome: HOME, seconds: 0.3, batches: [1, 50], connections: [2] });

  assert.deepEqual(points.map(({ batch, connections }) => [batch, connections]), [[1, 2], [50, 2]]);
  const { cove: [{ count }] } = await both("SELECT count(*)::integer FROM message");
  const counted = points.reduce((sum, { commits, batch }) => sum + commits * batch * 0.3, 0);
  assert.ok(count > 0 && count >= counted - 50, `${count} rows, of which ${counted} were counted`);
});

it("the model of a larger system reckons with what there is", () => {
  const model = fileURLToPath(new URL("../model.py", import.meta.url));
  const text = execFileSync("python3", [model, "--print"], { encoding: "utf8" });
  assert.match(text, /\| socket nodes \| \d+ tasks/);
  assert.match(text, /\| PostgreSQL, vCPU of the writer \| 192 \| [\d,]+ \|/);
  assert.doesNotMatch(text, /nan|inf\b|None/);
});
