/** Connection state recovery as the official client does it by itself, with nothing changed in the app. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App, newUser } from "./app.mjs";
import { Proxy } from "./proxy.mjs";
import { CoveServer } from "./servers.mjs";
import { transportChoices } from "./versions.mjs";

const SOON = { reconnectionDelay: 100, reconnectionDelayMax: 500 };

/** An app behind a network of its own that notes whether each connection was recovered, and what it was told. */
async function reader(t, server, uid, options) {
  const proxy = await Proxy.to(t, server);
  const app = new App(uid, { server: proxy });
  t.after(() => app.close());
  app.open({ ...SOON, ...options });
  app.recovered = [];
  app.seqs = [];
  app.socket.on("connect", () => app.recovered.push(app.socket.recovered));
  app.socket.on("new_message", ({ message }) => app.seqs.push(message.seq));
  await app.event("connect");
  return app;
}

/** Two people and a thread; one reads on each of the transports. */
async function conversation(t, server) {
  const writer = new App(newUser("wally"), { server });
  await writer.connect({ transports: ["websocket"] });
  t.after(() => writer.close());
  const rita = newUser("rita");
  const readers = await Promise.all(transportChoices.map(({ transports }) => reader(t, server, rita, { transports })));
  const thread = await writer.thread([{ uid: rita }]);
  const send = async (content) => {
    const { status } = await writer.rest("POST", "/send-message", { threadId: thread.id, content });
    assert.equal(status, 201);
  };
  return { writer, readers, thread, send };
}

async function everybodyHas(readers, count) {
  const expected = Array.from({ length: count }, (_, i) => i + 1);
  for (const app of readers) {
    await app.event("new_message", ({ message }) => message.seq === count);
    assert.deepEqual(app.seqs, expected);
  }
}

describe("connection state recovery", { concurrency: true }, () => {
  test("after a loss of the network", async (t) => {
    const server = await CoveServer.start(t);
    const { readers, send } = await conversation(t, server);
    await send("one");
    await everybodyHas(readers, 1);
    await Promise.all(readers.map((app) => app.server.quiet()));
    readers.forEach((app) => app.server.silence());
    readers.forEach((app) => app.server.cut());
    for (const app of readers) await app.event("disconnect");
    for (const content of ["two", "three"]) await send(content);
    readers.forEach((app) => app.server.resume());
    await everybodyHas(readers, 3);
    await send("four");
    await everybodyHas(readers, 4);
    for (const app of readers) assert.deepEqual(app.recovered, [false, true]);
  });

  test("after a restart of the server, again and again", async (t) => {
    const server = await CoveServer.start(t);
    const { readers, send } = await conversation(t, server);
    for (let round = 0; round < 3; round++) {
      await send("live");
      await server.stop();
      await send("missed");
      await server.start();
      await everybodyHas(readers, 2 * (round + 1));
    }
    for (const app of readers) assert.deepEqual(app.recovered, [false, true, true, true]);
  });

  test("on another server", async (t) => {
    const [one, other] = [await CoveServer.start(t), await CoveServer.start(t)];
    const { readers, send } = await conversation(t, one);
    await send("seen");
    await everybodyHas(readers, 1);
    await Promise.all(readers.map((app) => app.server.quiet()));
    for (const app of readers) {
      app.server.server = other;
      app.server.cut();
      await app.event("disconnect");
    }
    await send("missed or live");
    await everybodyHas(readers, 2);
    for (const app of readers) assert.deepEqual(app.recovered, [false, true]);
  });

  test("where no event ever came", async (t) => {
    const server = await CoveServer.start(t);
    const { readers, send } = await conversation(t, server);
    await server.stop();
    await send("the first");
    await server.start();
    await everybodyHas(readers, 1);
    for (const app of readers) assert.deepEqual(app.recovered, [false, true]);
  });

  test("a reading and a new thread are told of later as well", async (t) => {
    const server = await CoveServer.start(t);
    const { readers: [app], writer, thread, send } = await conversation(t, server);
    await send("read me");
    const { message } = await app.event("new_message");
    await server.stop();
    await writer.rest("POST", "/mark-message-read", { messageId: message.id });
    const group = await writer.thread([app], "Made meanwhile");
    await server.start();
    assert.equal((await app.event("thread_created")).thread.id, group.id);
    const read = await app.event("message_read");
    assert.deepEqual([read.messageId, read.userId, read.threadId], [message.id, writer.uid, thread.id]);
    assert.equal(app.socket.recovered, true);
  });

  test("who leaves on purpose begins anew", async (t) => {
    const server = await CoveServer.start(t);
    const { readers: [app], send } = await conversation(t, server);
    await send("seen");
    await app.event("new_message");
    app.socket.disconnect();
    app.socket.auth = { token: new App(newUser("other")).token };
    app.socket.connect();
    await app.event("connect");
    assert.equal(app.socket.recovered, false);
  });
});
