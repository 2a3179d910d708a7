/** Whose app has a device for pushes is asked again and again whether what was sent has arrived. No app notices. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App, newUser, PATIENCE, within } from "./app.mjs";
import { combinations } from "./versions.mjs";

const QUESTIONS = 4;
const PAUSE_MS = 50;

describe("an app that is asked whether messages have arrived", { concurrency: true }, () => {
  for (const { title, library, transports } of combinations) {
    test(`answers and goes on as before: ${title}`, async (t) => {
      const [ada, bob] = ["ada", "bob"].map((name) => new App(newUser(name), { library }));
      t.after(() => [ada, bob].forEach((app) => app.close()));
      const { status } = await bob.rest("POST", "/update-fcm-token", { fcmToken: newUser("token"), deviceId: "phone" });
      assert.equal(status, 200);
      await Promise.all([ada, bob].map((app) => app.connect({ transports })));
      if (transports.length > 1) await bob.upgraded();
      const thread = await ada.thread([bob]);

      // The next question comes once the one before is answered, and long before a heartbeat.
      let questions = 0;
      bob.socket.io.engine.on("packet", ({ type }) => {
        if (type === "ping") questions++;
      });
      let sent = 0;
      await within(PATIENCE, `${QUESTIONS} questions`, (async () => {
        for (; questions < QUESTIONS; sent++) {
          const { ok } = await ada.emit("send_message", { threadId: thread.id, content: `#${sent}` });
          assert.equal(ok, true);
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
      })());

      for (let i = 0; i < sent; i++) {
        assert.equal((await bob.event("new_message")).message.content, `#${i}`);
      }
      assert.deepEqual(bob.events.filter(({ event }) => event === "new_message" || event === "disconnect"), []);
      assert.equal(bob.socket.io.engine.transport.name, transports.at(-1));
    });
  }
});
