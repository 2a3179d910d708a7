/** The wire contract, through npm's socket.io-client and fetch: every event and every call, over every transport. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App, newUser, token } from "./app.mjs";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Two people in a thread of their own, connected over these transports. */
async function pair(t, transports) {
  const [ada, bob] = [new App(newUser("ada")), new App(newUser("bob"))];
  t.after(() => [ada, bob].forEach((app) => app.close()));
  await Promise.all([ada.connect({ transports }), bob.connect({ transports })]);
  const { status, body } = await ada.rest("POST", "/create-thread", { participantIds: [bob.uid] });
  assert.equal(status, 201);
  await Promise.all([ada.event("thread_created"), bob.event("thread_created")]);
  return { ada, bob, thread: body.thread };
}

for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
  describe(`over ${transports.join(", then ")}`, { concurrency: true }, () => {
    test("a message is acknowledged and reaches every member", async (t) => {
      const { ada, bob, thread } = await pair(t, transports);
      const ack = await ada.emit("send_message", { threadId: thread.id, content: "Grüße 👋 <b>", clientMessageId: "a-1" });
      assert.equal(ack.ok, true);
      assert.equal(ack.message.seq, 1);
      assert.equal(ack.message.content, "Grüße 👋 <b>");
      assert.equal(ack.message.contentHtml, "Grüße 👋 &lt;b&gt;");
      assert.equal(ack.message.clientMessageId, "a-1");
      assert.match(ack.message.createdAt, TIME);
      assert.deepEqual(ack.message.sender, { id: ada.uid, name: ada.uid, imageUrl: null });
      assert.deepEqual((await bob.event("new_message")).message, ack.message);
      assert.deepEqual((await ada.event("new_message")).message, ack.message);
    });

    test("a message sent by REST arrives on sockets, and is the same through both doors", async (t) => {
      const { ada, bob, thread } = await pair(t, transports);
      const send = { threadId: thread.id, content: "by REST", clientMessageId: "both-doors" };
      const first = await ada.rest("POST", "/send-message", send);
      assert.equal(first.status, 201);
      assert.deepEqual((await bob.event("new_message")).message, first.body.message);
      const again = await ada.emit("send_message", send);
      assert.deepEqual(again.message, first.body.message);
      const third = await ada.rest("POST", "/send-message", send);
      assert.equal(third.status, 200);
      const other = await ada.emit("send_message", { ...send, content: "something else" });
      assert.equal(other.error.code, "conflict");
    });

    test("a message raced through both doors is one, and comes once", async (t) => {
      const { ada, bob, thread } = await pair(t, transports);
      for (let round = 1; round <= 10; round++) {
        const send = { threadId: thread.id, content: "raced", clientMessageId: `race-${round}` };
        const [socket, rest, again] = await Promise.all([
          ada.emit("send_message", send),
          ada.rest("POST", "/send-message", send),
          ada.emit("send_message", send),
        ]);
        assert.deepEqual(rest.body.message, socket.message);
        assert.deepEqual(again.message, socket.message);
        assert.equal((await bob.event("new_message")).message.seq, round);
      }
    });

    test("typing is told to the others and ends by itself", async (t) => {
      const { ada, bob, thread } = await pair(t, transports);
      const from = performance.now();
      assert.deepEqual(await ada.emit("typing_start", { threadId: thread.id }), { ok: true });
      const typing = { threadId: thread.id, userId: ada.uid };
      assert.deepEqual(await bob.event("user_typing"), { ...typing, isTyping: true });
      assert.deepEqual(await bob.event("user_typing"), { ...typing, isTyping: false });
      assert.ok(performance.now() - from > 5_000, "typing lasts six seconds");
      assert.deepEqual(await ada.emit("typing_start", { threadId: thread.id }), { ok: true });
      assert.deepEqual(await ada.emit("typing_stop", { threadId: thread.id }), { ok: true });
      assert.deepEqual(await bob.event("user_typing"), { ...typing, isTyping: true });
      assert.deepEqual(await bob.event("user_typing"), { ...typing, isTyping: false });
    });

    test("reading is told to everybody, by socket and by REST", async (t) => {
      const { ada, bob, thread } = await pair(t, transports);
      const one = (await ada.emit("send_message", { threadId: thread.id, content: "one" })).message;
      const two = (await ada.emit("send_message", { threadId: thread.id, content: "two" })).message;
      const ack = await bob.emit("mark_read", { messageId: one.id });
      assert.deepEqual(ack, { ok: true, messageId: one.id, threadId: thread.id, userId: bob.uid, readAt: ack.readAt });
      assert.match(ack.readAt, TIME);
      const { ok, ...receipt } = ack;
      assert.deepEqual(await ada.event("message_read"), { ...receipt, lastReadSeq: 1 });
      const rest = await bob.rest("POST", "/mark-message-read", { messageId: two.id });
      assert.equal(rest.status, 200);
      assert.equal((await ada.event("message_read")).lastReadSeq, 2);
      assert.equal((await bob.event("message_read", (read) => read.lastReadSeq === 2)).userId, bob.uid);
    });

    test("presence is told to people who share a thread", async (t) => {
      const { ada, bob } = await pair(t, transports);
      bob.close();
      const gone = await ada.event("user_online", (who) => who.userId === bob.uid && !who.online);
      assert.match(gone.lastSeenAt, TIME);
      const again = await new App(bob.uid).connect({ transports });
      t.after(() => again.close());
      assert.deepEqual(await ada.event("user_online", (who) => who.userId === bob.uid), {
        userId: bob.uid, online: true, lastSeenAt: null,
      });
      assert.equal((await again.event("user_online", (who) => who.userId === ada.uid)).online, true);
    });

    test("a list, then sync, misses nothing", async (t) => {
      const { ada, bob, thread } = await pair(t, transports);
      const list = await bob.rest("GET", "/threads?limit=5");
      assert.deepEqual(list.body.threads.map(({ id }) => id), [thread.id]);
      bob.close();
      for (let i = 1; i <= 5; i++) await ada.emit("send_message", { threadId: thread.id, content: `#${i}` });
      const back = await new App(bob.uid).connect({ transports });
      t.after(() => back.close());
      let cursor = list.body.cursor;
      const seen = [];
      for (let more = true; more; ) {
        const page = await back.emit("sync", { cursor, limit: 2 });
        assert.equal(page.ok, true);
        assert.equal(page.reset, false);
        seen.push(...page.messages.map(({ content }) => content));
        ({ cursor, hasMore: more } = page);
      }
      assert.deepEqual(seen, ["#1", "#2", "#3", "#4", "#5"]);
      const rest = await bob.rest("GET", `/sync?cursor=${encodeURIComponent(list.body.cursor)}`);
      assert.deepEqual(rest.body.messages.map(({ content }) => content), seen);
      assert.equal("ok" in rest.body, false);
    });

    test("errors without a callback arrive as the event error", async (t) => {
      const { ada } = await pair(t, transports);
      ada.socket.emit("mark_read", { messageId: 7 });
      const error = await ada.event("error");
      assert.equal(error.event, "mark_read");
      assert.equal(error.code, "invalid_request");
      assert.match(error.message, /messageId/);
    });

    test("a bad token is refused, and a function may give the good one", async (t) => {
      const app = new App(newUser("ada"));
      t.after(() => app.close());
      app.open({ transports, auth: { token: token(app.uid, { lifetime: -10 }) } });
      const refused = await app.event("connect_error");
      assert.equal(refused.message, "unauthenticated");
      assert.equal(refused.data.code, "unauthenticated");
      assert.ok(refused.data.message);
      app.close();
      await app.connect({ transports, auth: (give) => give({ token: token(app.uid) }) });
    });

    test("a connection ends with its token, and a fresh one extends it", async (t) => {
      const short = { transports, reconnection: false };
      const app = new App(newUser("ada"));
      const witness = new App(newUser("bob"));
      t.after(() => [app, witness].forEach((one) => one.close()));
      await app.connect({ ...short, auth: { token: token(app.uid, { lifetime: 6 }) } });
      await witness.connect({ ...short, auth: { token: token(witness.uid, { lifetime: 6 }) } });
      const fresh = await app.emit("refresh_token", { token: token(app.uid) });
      assert.equal(fresh.ok, true);
      assert.match(fresh.expiresAt, TIME);
      assert.match(await witness.event("disconnect"), /^transport (close|error)$/);
      assert.equal(app.socket.connected, true);
    });
  });
}

test("the token may come in the query", async (t) => {
  const app = new App(newUser("ada"));
  t.after(() => app.close());
  await app.connect({ auth: undefined, query: { token: token(app.uid) } });
});

test("a client that was upgraded is on a websocket", async (t) => {
  const app = await new App(newUser("ada")).connect({ transports: ["polling", "websocket"] });
  t.after(() => app.close());
  const { engine } = app.socket.io;
  if (engine.transport.name === "polling") await new Promise((resolve) => engine.once("upgrade", resolve));
  assert.equal(engine.transport.name, "websocket");
});

test("two people always get the same direct thread, and a group is a new one each time", async (t) => {
  const { ada, bob, thread } = await pair(t, ["websocket"]);
  const again = await bob.rest("POST", "/create-thread", { participantIds: [ada.uid] });
  assert.equal(again.status, 200);
  assert.equal(again.body.thread.id, thread.id);
  const group = await ada.rest("POST", "/create-thread", { participantIds: [bob.uid], title: "Trip" });
  assert.equal(group.status, 201);
  assert.equal(group.body.thread.kind, "group");
  assert.notEqual(group.body.thread.id, thread.id);
});

test("unknown participants are named", async (t) => {
  const { ada } = await pair(t, ["websocket"]);
  const { status, type, body } = await ada.rest("POST", "/create-thread", { participantIds: ["nobody-1", "nobody-2"] });
  assert.equal(status, 400);
  assert.match(type, /^application\/problem\+json/);
  assert.equal(body.code, "invalid_request");
  assert.equal(body.errors.length, 2);
});

test("history pages in both directions", async (t) => {
  const { ada, thread } = await pair(t, ["websocket"]);
  for (let i = 1; i <= 7; i++) await ada.emit("send_message", { threadId: thread.id, content: `#${i}` });
  const page = async (query) => (await ada.rest("GET", `/thread-messages?threadId=${thread.id}&limit=3${query}`)).body;
  const newest = await page("");
  assert.deepEqual(newest.messages.map(({ seq }) => seq), [7, 6, 5]);
  assert.equal(newest.hasMore, true);
  const older = await page(`&before=${newest.nextCursor}`);
  assert.deepEqual(older.messages.map(({ seq }) => seq), [4, 3, 2]);
  const onward = await page("&after=5");
  assert.deepEqual(onward.messages.map(({ seq }) => seq), [6, 7]);
  assert.equal(onward.hasMore, false);
});

test("a device's token is kept and forgotten, a thread muted and unmuted", async (t) => {
  const { ada, thread } = await pair(t, ["websocket"]);
  for (const body of [{ fcmToken: "t-1" }, { fcmToken: "t-2", deviceId: "phone" }, { fcmToken: null }]) {
    assert.deepEqual((await ada.rest("POST", "/update-fcm-token", body)).body, { updated: true });
  }
  const until = "2099-01-01T00:00:00.000Z";
  assert.equal((await ada.rest("POST", "/mute-thread", { threadId: thread.id, until })).body.thread.mutedUntil, until);
  assert.equal((await ada.rest("POST", "/mute-thread", { threadId: thread.id, until: null })).body.thread.mutedUntil, null);
});

test("who may see that one is online is said by socket and by REST", async (t) => {
  const { ada } = await pair(t, ["websocket"]);
  assert.deepEqual(await ada.emit("update_presence", { visible: false }), { ok: true, visible: false });
  const { status, body } = await ada.rest("POST", "/update-presence", { visible: true });
  assert.equal(status, 200);
  assert.deepEqual(body, { visible: true });
});

test("without a token REST answers 401", async () => {
  const { status, body } = await new App("ignored").rest.call({ token: "" }, "GET", "/threads");
  assert.equal(status, 401);
  assert.equal(body.code, "unauthenticated");
});
