/** Clients come back by themselves: after a restart, from another server's sessions, out of a dead network. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as elapse } from "node:timers/promises";
import { io } from "socket.io-client";
import { App, newUser, PATIENCE, token } from "./app.mjs";
import { Proxy } from "./proxy.mjs";
import { CoveServer, NodeServer } from "./servers.mjs";
import { combinations } from "./versions.mjs";

const SOON = { reconnectionDelay: 100, reconnectionDelayMax: 500 };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const upgrading = combinations.filter(({ transports }) => transports.length > 1);

/** Apps of one thread, each behind a network of its own. */
async function group(t, server, kinds, options = () => ({})) {
  const apps = await Promise.all(kinds.map(async ({ library, transports, step = Infinity }) => {
    const proxy = await Proxy.to(t, server);
    if (step < Infinity) proxy.holdWebSockets();
    const app = new App(newUser("ada"), { library, server: proxy });
    t.after(() => app.close());
    await app.connect({ transports, ...SOON, ...options(app) });
    proxy.holdWebSockets(step);
    return app;
  }));
  const thread = await apps[0].thread(apps.slice(1), "Restarted");
  return { apps, thread };
}

/** Everybody sends something and gets it from everybody. */
async function everybodyTalks({ apps, thread }) {
  const contents = apps.map(({ uid }) => `from ${uid}`).sort();
  const received = apps.map((app) => {
    const seen = [];
    return new Promise((resolve) => app.socket.on("new_message", ({ message }) => {
      if (seen.push(message.content) === contents.length) resolve(seen.sort());
    }));
  });
  for (const app of apps) {
    const ack = await app.emit("send_message", { threadId: thread.id, content: `from ${app.uid}` });
    assert.equal(ack.ok, true);
  }
  for (const seen of await Promise.all(received)) assert.deepEqual(seen, contents);
}

/** Waits until a websocket waits. */
async function held(proxy) {
  for (const end = performance.now() + PATIENCE; !proxy.holds; await elapse(10)) {
    assert.ok(performance.now() < end, "a websocket waits");
  }
}

describe("after a restart of the server", { concurrency: true }, () => {
  test("every client is back, auth given as an object", async (t) => {
    const server = await CoveServer.start(t);
    const all = await group(t, server, combinations);
    await server.restart();
    for (const app of all.apps) {
      assert.match(await app.event("disconnect"), /^transport (close|error)$/);
      await app.event("connect");
    }
    await everybodyTalks(all);
  });

  test("every client is back, auth given as a function, which is asked each time", async (t) => {
    const server = await CoveServer.start(t);
    const asked = new Map();
    const all = await group(t, server, combinations, (app) => ({
      auth: (give) => {
        asked.set(app, (asked.get(app) ?? 0) + 1);
        setImmediate(() => give({ token: token(app.uid) }));
      },
    }));
    await server.restart();
    for (const app of all.apps) {
      await app.event("disconnect");
      await app.event("connect");
      assert.equal(asked.get(app), 2);
    }
    await everybodyTalks(all);
  });

  for (const [step, where] of ["the websocket's request", "the probe", "the last word of the upgrade"].entries()) {
    test(`a client is back whose upgrade was under way: ${where} never arrived`, async (t) => {
      const server = await CoveServer.start(t);
      const all = await group(t, server, upgrading.map((kind) => ({ ...kind, step })));
      for (const { server: proxy } of all.apps) {
        await held(proxy);
        await proxy.quiet();
      }
      await server.restart();
      for (const app of all.apps) {
        assert.match(await app.event("disconnect"), /^transport (close|error)$/);
        app.server.resume();
        await app.event("connect");
        await app.upgraded();
      }
      await everybodyTalks(all);
    });
  }

  test("a client is back that was between its transports", async (t) => {
    const server = await CoveServer.start(t);
    const all = await group(t, server, upgrading.map((kind) => ({ ...kind, step: 0 })));
    for (const { server: proxy } of all.apps) {
      await proxy.quiet();
      proxy.holdPolls();
      proxy.holdWebSockets(2);
      await proxy.quiet();
    }
    const stopped = server.stop();
    for (const app of all.apps) {
      await app.server.quiet();
      app.server.resume();
      assert.match(await app.event("disconnect"), /^transport (close|error)$/);
    }
    await stopped;
    await server.start();
    for (const app of all.apps) await app.event("connect");
    await everybodyTalks(all);
  });
});

describe("a session of a former Node server", { concurrency: true }, () => {
  const OLD = "lv_VI97HAXpY6yYWAAAC";

  test("is answered as an unknown one is by Node", async (t) => {
    const [ours, nodes] = await Promise.all([CoveServer, NodeServer].map(async (kind) => {
      const server = await kind.start(t);
      const answers = [];
      for (const [method, transport] of [["GET", "polling"], ["POST", "polling"], ["GET", "websocket"]]) {
        const query = `EIO=4&transport=${transport}&sid=${OLD}`;
        const response = await fetch(`${server.url}/socket.io/?${query}`, { method });
        answers.push({ status: response.status, body: await response.json() });
      }
      return answers;
    }));
    const unknown = { status: 400, body: { code: 1, message: "Session ID unknown" } };
    assert.deepEqual(ours, [unknown, unknown, unknown]);
    assert.deepEqual(ours, nodes);
  });

  test("makes no client stay away", async (t) => {
    const [node, cove] = [await NodeServer.start(t), await CoveServer.start(t)];
    const polling = combinations.filter(({ transports }) => transports.includes("polling"));
    const apps = await Promise.all(polling.map(async ({ library, transports }) => {
      const proxy = await Proxy.to(t, node);
      proxy.holdWebSockets();
      const app = new App(newUser("ada"), { library, server: proxy });
      t.after(() => app.close());
      await app.connect({ transports, ...SOON });
      assert.equal(app.socket.io.engine.id.length, OLD.length);
      return app;
    }));
    // From now on their requests go to us; the poll they have open is answered, and the next one is of an unknown session.
    for (const app of apps) app.server.server = cove;
    node.io.emit("goodbye");
    for (const app of apps) {
      assert.equal(await app.event("disconnect"), "transport error");
      app.server.resume();
      await app.event("connect");
      assert.match(app.socket.io.engine.id, UUID);
    }
    const thread = await apps[0].thread(apps.slice(1), "Moved");
    await everybodyTalks({ apps, thread });
  });
});

describe("while the server does not answer", { concurrency: true }, () => {
  for (const transports of [["websocket"], ["polling"]]) {
    test(`an acknowledgement times out over ${transports}, and the connection lives on`, async (t) => {
      const { apps: [ada, bob], thread } = await group(t, await CoveServer.start(t), [
        { library: io, transports }, { library: io, transports },
      ]);
      ada.server.silence();
      const typing = ["typing_start", { threadId: thread.id }];
      await assert.rejects(ada.socket.timeout(300).emitWithAck(...typing), /operation has timed out/);
      const failure = await new Promise((resolve) => ada.socket.timeout(300).emit(...typing, resolve));
      assert.match(failure.message, /operation has timed out/);
      ada.server.resume();
      await bob.event("user_typing");
      const { message } = await ada.emit("send_message", { threadId: thread.id, content: "there again" });
      assert.equal((await bob.event("new_message")).message.id, message.id);
      assert.equal(ada.events.some(({ event }) => event === "disconnect"), false);
    });

    test(`what the library sends again over ${transports} is stored once`, async (t) => {
      const { apps: [ada, bob], thread } = await group(t, await CoveServer.start(t), [
        { library: io, transports }, { library: io, transports },
      ], () => ({ retries: 50, ackTimeout: 200 }));
      const send = (id) => new Promise((resolve, reject) => {
        const payload = { threadId: thread.id, content: id, clientMessageId: id };
        ada.socket.emit("send_message", payload, (failure, ack) => (failure ? reject(failure) : resolve(ack)));
      });
      ada.server.silence();
      let tries = 0;
      const tired = new Promise((resolve) => ada.socket.onAnyOutgoing(() => (tries += 1) === 3 && resolve()));
      const sent = send("again-and-again");
      await tired;
      ada.server.resume();
      assert.equal((await sent).ok, true);
      await send("last");
      assert.equal((await bob.event("new_message")).message.content, "again-and-again");
      assert.equal((await bob.event("new_message")).message.content, "last");
    });
  }
});
