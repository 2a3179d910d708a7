/** Many clients change from polling to a websocket at the same time, while they and others talk. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { App, newUser, PATIENCE, within } from "./app.mjs";
import { CoveServer } from "./servers.mjs";
import { versions } from "./versions.mjs";

const SESSIONS = 500;
const GROUP = 25;
const PAUSE_MS = 100;

test(`${SESSIONS} sessions upgrade while people talk, and none is stalled`, async (t) => {
  const server = await CoveServer.start(t);
  const transports = ["polling", "websocket"];
  const people = Array.from({ length: SESSIONS }, (_, i) => new App(newUser("many"), { server, ...versions[i % versions.length] }));
  const talkers = Array.from({ length: SESSIONS / GROUP }, () => new App(newUser("talker"), { server }));
  t.after(() => [...people, ...talkers].forEach((app) => app.close()));

  // Everybody is known, as somebody who used the app before, so that they can be put in a thread before they connect.
  await inTurns([...people, ...talkers], (app) => app.rest("GET", "/threads"));
  await Promise.all(talkers.map((app) => app.connect({ transports: ["websocket"] })));
  const groups = talkers.map((talker, i) => ({ talker, members: people.slice(i * GROUP, (i + 1) * GROUP) }));
  await inTurns(groups, async (group) => {
    group.thread = await group.talker.thread(group.members, "Upgrade");
  });

  let talking = true;
  const talk = groups.map(async ({ talker, thread }) => {
    let sent = 0;
    for (; talking; sent++) {
      const { ok } = await talker.emit("send_message", { threadId: thread.id, content: `#${sent}` });
      assert.equal(ok, true);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return sent;
  });
  await within(6 * PATIENCE, "end of all upgrades", Promise.all(people.map(async (app) => {
    await app.open({ transports }).event("connect", undefined, 6 * PATIENCE);
    await app.upgraded(6 * PATIENCE);
  })));
  talking = false;
  assert.ok((await Promise.all(talk)).every((sent) => sent > 0));

  assert.ok(people.every(({ socket }) => socket.io.engine.transport.name === "websocket"));
  assert.deepEqual(people.filter(({ events }) => events.some(({ event }) => event === "disconnect")), []);
  await within(6 * PATIENCE, "acknowledgement for everybody", Promise.all(groups.flatMap(({ members, thread }) =>
    members.map(async (app) => {
      const { ok } = await app.emit("typing_stop", { threadId: thread.id });
      assert.equal(ok, true);
    }))));
  const last = await Promise.all(groups.map(async ({ talker, members, thread }) => {
    const { message } = await talker.emit("send_message", { threadId: thread.id, content: "still there?" });
    return Promise.all(members.map((app) => app.event("new_message", (event) => event.message.id === message.id)));
  }));
  assert.equal(last.flat().length, SESSIONS);
});

/** Does something for each, a few at a time. */
async function inTurns(items, work) {
  const rest = [...items];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let item = rest.pop(); item; item = rest.pop()) await work(item);
  }));
}
