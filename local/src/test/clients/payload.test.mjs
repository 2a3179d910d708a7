/** What a payload may be: as large as allowed and one more, text of any script, binary; on every transport. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App, newUser } from "./app.mjs";
import { CoveServer } from "./servers.mjs";
import { combinations } from "./versions.mjs";

const EVENT_LIMIT = 64 * 1024;
const MAX_PAYLOAD = 2 * 1024 * 1024;
/** Counted with each event. */
const OVERHEAD = 64;
const NAME = "👩‍👩‍👧‍👦 🏳️‍🌈 é ة 漢字 𝕮𝖔𝖛𝖊 👋🏽";
/** With what ends lines in JavaScript and packets in a polling body. */
const EMOJI = `${NAME} \u2028 \u001e \ufeff`;

for (const { title, library, transports } of combinations) {
  describe(title, { concurrency: true }, () => {
    const server = new CoveServer();
    before(() => server.start());
    after(() => server.stop());

    async function pair(t, apps = { library, server }) {
      const [ada, bob] = ["ada", "bob"].map((name) => new App(newUser(name), apps));
      t.after(() => [ada, bob].forEach((app) => app.close()));
      await Promise.all([ada, bob].map((app) => app.connect({ transports, reconnectionDelay: 50 })));
      if (transports.length > 1) await ada.upgraded();
      return { ada, bob, thread: await ada.thread([bob]) };
    }

    /** A send that is so many characters long as JSON. */
    function sendOfLength(thread, length) {
      const payload = { threadId: thread.id, content: "large", padding: "" };
      const padding = length - JSON.stringify(["send_message", payload]).length;
      return { ...payload, padding: "x".repeat(padding) };
    }

    test("an event as large as allowed is handled, a larger one answered", async (t) => {
      const { ada, bob, thread } = await pair(t);
      const fits = await ada.emit("send_message", sendOfLength(thread, EVENT_LIMIT - OVERHEAD));
      assert.equal(fits.ok, true);
      const tooLarge = await ada.emit("send_message", sendOfLength(thread, EVENT_LIMIT - OVERHEAD + 1));
      assert.equal(tooLarge.ok, false);
      assert.equal(tooLarge.error.code, "payload_too_large");
      assert.equal((await bob.event("new_message")).message.id, fits.message.id);
      assert.equal((await ada.emit("typing_stop", { threadId: thread.id })).ok, true);
      assert.equal(ada.events.some(({ event }) => event === "disconnect"), false);
    });

    test("a packet of maxPayload is answered; a larger one ends the transport, and the client recovers", async (t) => {
      const { ada, bob, thread } = await pair(t);
      // The packet as it goes over the wire: 42, the number of the acknowledgement, the JSON.
      const largest = MAX_PAYLOAD - `42${ada.socket.ids}`.length;
      const answered = await ada.emit("send_message", sendOfLength(thread, largest));
      assert.equal(answered.error.code, "payload_too_large");
      ada.socket.emit("send_message", sendOfLength(thread, MAX_PAYLOAD - "42".length + 1));
      assert.match(await ada.event("disconnect"), /^transport (close|error)$/);
      await ada.event("connect");
      const { message } = await ada.emit("send_message", { threadId: thread.id, content: "smaller" });
      assert.equal((await bob.event("new_message")).message.id, message.id);
    });

    test("emoji and whatever else Unicode has go through everywhere", async (t) => {
      // On the system's own server, which is told of new threads.
      const { ada, bob } = await pair(t, { library, name: NAME });
      const thread = await ada.thread([bob], EMOJI);
      const created = (await bob.event("thread_created", (event) => event.thread.id === thread.id)).thread;
      assert.equal(created.title, EMOJI);
      assert.deepEqual(created.participants.map(({ name }) => name), [NAME, NAME]);
      const longest = "😀".repeat(4_000);
      for (const content of [EMOJI, longest]) {
        const ack = await ada.emit("send_message", { threadId: thread.id, content });
        assert.equal(ack.message.content, content);
        assert.equal(ack.message.sender.name, NAME);
        assert.deepEqual((await bob.event("new_message")).message, ack.message);
      }
      const refused = [
        { content: `${longest}😀` }, { content: "\ud83d" }, { content: "fine", clientMessageId: "👋" },
      ];
      for (const fields of refused) {
        const { error } = await ada.emit("send_message", { threadId: thread.id, ...fields });
        assert.equal(error.code, "invalid_request");
      }
      const unknown = await ada.emit("👋", { threadId: thread.id });
      assert.equal(unknown.error.code, "invalid_request");
    });

    test("a binary argument is answered with an error and harms nothing", async (t) => {
      const { ada, bob, thread } = await pair(t);
      const bytes = Buffer.from([0, 1, 0x1e, 0xff]);
      const binaries = [bytes, { threadId: thread.id, content: bytes }, { threadId: bytes, content: [bytes, bytes] }];
      for (const payload of binaries) {
        const { ok, error } = await ada.emit("send_message", payload);
        assert.equal(ok, false);
        assert.equal(error.code, "invalid_request");
      }
      const { message } = await ada.emit("send_message", { threadId: thread.id, content: "text" });
      assert.equal((await bob.event("new_message")).message.id, message.id);
      assert.equal(ada.events.some(({ event }) => event === "disconnect"), false);
    });
  });
}
