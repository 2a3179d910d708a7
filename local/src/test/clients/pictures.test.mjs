/** A picture that is stored as a key of the bucket: everything that shows it has the same address, over the socket and by REST. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../faults/sql.mjs";
import { App, newUser } from "./app.mjs";

const ADDRESS = `${process.env.COVE_PICTURES}/ann/my%20picture.png`;
const imageOf = (people, { uid }) => people.find(({ id }) => id === uid).imageUrl;

test("a stored key is the same address everywhere", async (t) => {
  const [ann, ben] = [new App(newUser("ann")), new App(newUser("ben"))];
  t.after(() => [ann, ben].forEach((app) => app.close()));
  await Promise.all([ann.connect(), ben.connect()]);
  const database = await Session.open(Number(process.env.COVE_DATABASE_PORT));
  await database.run(`UPDATE app_user SET image_url = 'ann/my picture.png' WHERE id = '${ann.uid}'`);
  database.close();

  const thread = await ann.thread([ben]);
  assert.equal(imageOf(thread.participants, ann), ADDRESS);
  assert.equal(imageOf(thread.participants, ben), null);
  const created = await ben.event("thread_created");
  assert.equal(imageOf(created.thread.participants, ann), ADDRESS);

  const { message } = await ann.emit("send_message", { threadId: thread.id, content: "by socket" });
  assert.equal(message.sender.imageUrl, ADDRESS);
  assert.deepEqual((await ben.event("new_message")).message, message);
  const rest = await ann.rest("POST", "/send-message", { threadId: thread.id, content: "by REST" });
  assert.equal(rest.body.message.sender.imageUrl, ADDRESS);
  assert.deepEqual((await ben.event("new_message")).message, rest.body.message);

  const { body: list } = await ben.rest("GET", "/threads");
  assert.equal(imageOf(list.threads[0].participants, ann), ADDRESS);
  assert.equal(list.threads[0].lastMessage.sender.imageUrl, ADDRESS);
  const { body: page } = await ben.rest("GET", `/thread-messages?threadId=${thread.id}`);
  assert.deepEqual(page.messages, [rest.body.message, message]);
  const { body: start } = await ben.rest("GET", "/threads");
  await ann.emit("send_message", { threadId: thread.id, content: "for sync" });
  const bySocket = await ben.emit("sync", { cursor: start.cursor });
  const byRest = await ben.rest("GET", `/sync?cursor=${encodeURIComponent(start.cursor)}`);
  assert.deepEqual(bySocket.messages.map(({ sender }) => sender.imageUrl), [ADDRESS]);
  assert.deepEqual(byRest.body.messages, bySocket.messages);
});
