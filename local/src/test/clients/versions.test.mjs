/** What every app does, with every version of socket.io-client over every transport. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App, newUser, token } from "./app.mjs";
import { Proxy } from "./proxy.mjs";
import { CoveServer } from "./servers.mjs";
import { combinations } from "./versions.mjs";

for (const { title, library, transports } of combinations) {
  describe(title, { concurrency: true }, () => {
    const upgrades = transports.length > 1;

    function app(t, name, server) {
      const one = new App(newUser(name), { library, server });
      t.after(() => one.close());
      return one;
    }

    test("connects over its transport and learns no secret as its id", async (t) => {
      const ada = await app(t, "ada").connect({ transports });
      if (upgrades) await ada.upgraded();
      const { engine } = ada.socket.io;
      assert.equal(engine.transport.name, transports.at(-1));
      assert.ok(ada.socket.id);
      assert.notEqual(ada.socket.id, engine.id);
    });

    test("sends, is acknowledged, and receives", async (t) => {
      const [ada, bob] = [app(t, "ada"), app(t, "bob")];
      await Promise.all([ada.connect({ transports }), bob.connect({ transports })]);
      const thread = await ada.thread([bob]);
      const { ok, message } = await ada.emit("send_message", { threadId: thread.id, content: "first" });
      assert.equal(ok, true);
      assert.deepEqual((await bob.event("new_message")).message, message);
      assert.deepEqual((await ada.event("new_message")).message, message);
      const reply = (await bob.emit("send_message", { threadId: thread.id, content: "second" })).message;
      assert.deepEqual((await ada.event("new_message")).message, reply);
    });

    test("is refused with message and data, gets nothing, and may come again with a good token", async (t) => {
      const ada = app(t, "ada").open({ transports, reconnection: false, auth: { token: "forged" } });
      const refused = await ada.event("connect_error");
      assert.ok(refused instanceof Error);
      assert.equal(refused.message, "unauthenticated");
      assert.equal(refused.data.code, "unauthenticated");
      assert.ok(refused.data.message);
      assert.deepEqual(ada.events, []);
      ada.socket.auth = { token: token(ada.uid) };
      ada.socket.connect();
      await ada.event("connect");
      assert.deepEqual(ada.events, []);
    });

    test("leaves, and is gone for the others", async (t) => {
      const [ada, bob] = [app(t, "ada"), app(t, "bob")];
      await ada.thread([await bob.connect({ transports })]);
      await ada.connect({ transports });
      await bob.event("user_online", (who) => who.userId === ada.uid && who.online);
      ada.close();
      assert.equal(await ada.event("disconnect"), "io client disconnect");
      await bob.event("user_online", (who) => who.userId === ada.uid && !who.online);
    });

    test("comes back by itself after the network failed, and is asked for a token again", async (t) => {
      const server = await CoveServer.start(t);
      const proxy = await Proxy.to(t, server);
      const [ada, bob] = [app(t, "ada", proxy), app(t, "bob", server)];
      let asked = 0;
      const auth = (give) => {
        asked += 1;
        give({ token: token(ada.uid) });
      };
      await Promise.all([ada.connect({ transports, auth, reconnectionDelay: 50 }), bob.connect({ transports })]);
      const thread = await bob.thread([ada]);
      if (upgrades) await ada.upgraded();
      // Not cut alone: who polls would not notice between two polls.
      proxy.refuse();
      assert.match(await ada.event("disconnect"), /^transport (close|error)$/);
      proxy.resume();
      await ada.event("connect");
      assert.equal(asked, 2);
      const { message } = await bob.emit("send_message", { threadId: thread.id, content: "back?" });
      assert.deepEqual((await ada.event("new_message")).message, message);
    });
  });
}
