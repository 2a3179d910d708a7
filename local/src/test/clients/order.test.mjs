/** What one connection sends is handled in that order, whatever carries it; also while it changes from one to the other. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App, newUser, once, PATIENCE, within } from "./app.mjs";
import { Proxy } from "./proxy.mjs";
import { CoveServer } from "./servers.mjs";
import { combinations } from "./versions.mjs";

const COUNT = 1_000;
const NUMBERED = Array.from({ length: COUNT }, (_, i) => `#${i + 1}`);

describe("a thousand sends are acknowledged, stored and delivered in order", { concurrency: true }, () => {
  const server = new CoveServer();
  before(() => server.start());
  after(() => server.stop());

  for (const { title, library, transports } of combinations) {
    test(title, async (t) => {
      const upgrades = transports.length > 1;
      const proxy = await Proxy.to(t, server);
      if (upgrades) proxy.holdWebSockets();
      const [ada, bob] = [proxy, server].map((to) => new App(newUser("order"), { library, server: to }));
      t.after(() => [ada, bob].forEach((app) => app.close()));
      await Promise.all([ada.connect({ transports }), bob.connect({ transports })]);
      const thread = await ada.thread([bob]);
      const acknowledged = [];
      const received = [];
      bob.socket.on("new_message", ({ message }) => received.push(message.content));

      const sending = sendNumbered(ada.socket, thread, acknowledged);
      const half = sending(COUNT / 2);
      if (upgrades) {
        // The second half goes out bit by bit while the upgrade, held back until now, takes place.
        const { engine } = ada.socket.io;
        let upgraded = false;
        engine.once("upgrade", () => {
          upgraded = true;
        });
        proxy.resume();
        for (let n = COUNT / 2 + 1; n < COUNT - 100 && !upgraded; n++) {
          sending(1);
          await new Promise(setImmediate);
        }
        await ada.upgraded();
      }
      await Promise.all([half, sending(Infinity)]);
      await within(PATIENCE, "last message", until(() => received.length === COUNT, bob.socket));

      assert.deepEqual(acknowledged, NUMBERED);
      assert.deepEqual(received, NUMBERED);
      assert.deepEqual(await stored(bob, thread), NUMBERED);
    });
  }
});

/** A function that sends the next of the numbered messages, so many, and waits for their acknowledgements. */
function sendNumbered(socket, thread, acknowledged) {
  let next = 0;
  const send = (content) => new Promise((resolve) => {
    socket.emit("send_message", { threadId: thread.id, content }, ({ message }) => resolve(acknowledged.push(message?.content)));
  });
  return (count) => {
    const batch = NUMBERED.slice(next, next + count);
    next += batch.length;
    return within(6 * PATIENCE, `acknowledgement up to #${next}`, Promise.all(batch.map(send)));
  };
}

async function until(condition, socket) {
  while (!condition()) await once(socket, "new_message");
}

/** The contents of a thread, as REST gives them. */
async function stored(app, thread) {
  const contents = [];
  for (let after = 0; after !== null; ) {
    const { body } = await app.rest("GET", `/thread-messages?threadId=${thread.id}&after=${after}&limit=200`);
    contents.push(...body.messages.map(({ content }) => content));
    after = body.nextCursor;
  }
  return contents;
}
