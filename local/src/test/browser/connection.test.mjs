import assert from "node:assert/strict";
import { test } from "node:test";
import { twoInConversation } from "./cove.mjs";

test("what is written offline waits, and is delivered once when one is back", async (t) => {
  const [ada, grace] = await twoInConversation(t);

  await ada.context.setOffline(true);
  await ada.isConnection("offline");
  await ada.page.locator("#banner", { hasText: "You are offline" }).waitFor();
  await ada.say("First from the tunnel");
  await ada.say("Second from the tunnel");
  await ada.sees("First from the tunnel", "waiting");
  await ada.sees("Second from the tunnel", "waiting");
  await grace.say("Where are you?");
  await grace.sees("Where are you?", "stored");
  assert.equal(await grace.messages("First from the tunnel").count(), 0);

  await ada.context.setOffline(false);

  await ada.isConnection("connected");
  await ada.sees("Second from the tunnel", "read");
  await grace.sees("Second from the tunnel");
  const expected = ["Where are you?", "First from the tunnel", "Second from the tunnel"];
  assert.deepEqual(await ada.page.locator(".content").allTextContents(), expected);
  assert.deepEqual(await grace.page.locator(".content").allTextContents(), expected);
});

test("a message waiting in a closed window is sent by the next one", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  await ada.context.setOffline(true);
  await ada.isConnection("offline");
  await ada.say("Closing the lid");
  await ada.sees("Closing the lid", "waiting");
  await ada.page.close();
  await ada.context.setOffline(false);

  await ada.openPage();

  await grace.sees("Closing the lid");
  await ada.openConversation(grace.name);
  await ada.sees("Closing the lid", "read");
  assert.equal(await grace.messages("Closing the lid").count(), 1);
});

test("what others wrote, read and started meanwhile is there after coming back", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  await ada.say("Before");
  await ada.sees("Before", "read");
  await ada.context.setOffline(true);
  await ada.isConnection("offline");

  const threadId = grace.threadId();
  for (let i = 1; i <= 30; i++) await grace.rest("POST", "/send-message", { threadId, content: `Meanwhile ${i}` });
  await grace.startConversation([ada.name], "Started meanwhile");
  await ada.context.setOffline(false);

  await ada.sees("Meanwhile 30");
  const expected = ["Before", ...Array.from({ length: 30 }, (_, i) => `Meanwhile ${i + 1}`)];
  assert.deepEqual(await ada.page.locator(".content").allTextContents(), expected);
  await ada.inList("Started meanwhile").waitFor();
});

test("a lost connection is repaired without anybody's doing", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  const lost = ada.page.waitForFunction(() => document.querySelector("#connection").dataset.state !== "connected");

  // The browser closes what it has open; the network itself is fine.
  await ada.context.setOffline(true);
  await lost;
  await ada.context.setOffline(false);
  await ada.isConnection("connected");

  await grace.say("Back?");
  await ada.sees("Back?");
});
