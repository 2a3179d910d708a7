import assert from "node:assert/strict";
import { test } from "node:test";
import { newName, person, twoInConversation } from "./cove.mjs";

test("two people talk, each in a browser of their own", async (t) => {
  const [ada, grace] = await twoInConversation(t);

  await ada.say("Hello Grace");
  await grace.sees("Hello Grace");
  await grace.say("Hello Ada");
  await ada.sees("Hello Ada");

  assert.deepEqual(await ada.page.locator(".content").allTextContents(), ["Hello Grace", "Hello Ada"]);
  assert.deepEqual(await grace.page.locator(".content").allTextContents(), ["Hello Grace", "Hello Ada"]);
  assert.deepEqual([...ada.faults, ...grace.faults], []);
});

test("somebody who types is seen typing, until they stop", async (t) => {
  const [ada, grace] = await twoInConversation(t);

  await grace.page.locator("#draft").pressSequentially("Well");
  await ada.page.locator("#typing-text", { hasText: "Grace is typing…" }).waitFor();
  await grace.page.fill("#draft", "");

  // Sooner than the server would end it by itself.
  await ada.page.locator("#typing").waitFor({ state: "hidden", timeout: 5_000 });
});

test("the tick says whether a message was read", async (t) => {
  const ada = await person(t, newName("Ada"));
  const grace = await person(t, newName("Grace"));
  await ada.startConversation([grace.name]);

  await ada.say("Seen?");
  await ada.sees("Seen?", "stored");
  await grace.inList(ada.name).locator(".badge", { hasText: "1" }).waitFor();
  assert.match(await grace.page.title(), /^\(1\)/);
  await grace.openConversation(ada.name);

  await ada.sees("Seen?", "read");
  await grace.inList(ada.name).locator(".badge").waitFor({ state: "detached" });
  assert.equal(await grace.page.title(), "Cove");
});

test("who is online shows, and who left does not", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  const status = ada.page.locator("#thread-status");

  await status.and(ada.page.getByText("online", { exact: true })).waitFor();
  await ada.inList(grace.name).locator(".online-dot").waitFor();
  await grace.page.close();

  await status.and(ada.page.getByText("last seen just now")).waitFor();
  await ada.inList(grace.name).locator(".online-dot").waitFor({ state: "detached" });
});

test("a reload shows the same conversation", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  await ada.say("Still here?");
  await grace.sees("Still here?");

  await grace.page.reload();

  await grace.sees("Still here?");
  const field = await grace.page.locator("#draft").boundingBox();
  assert.ok(field.height > 40, `the field to write in is ${field.height} px high`);
  await grace.say("Still here.");
  await ada.sees("Still here.");
});

test("two tabs of one person show the same, once", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  const first = ada.page;
  await ada.openPage();
  await ada.openConversation(grace.name);

  await ada.say("From the second tab");
  await grace.sees("From the second tab");

  await first.locator(".content", { hasText: "From the second tab" }).waitFor();
  assert.equal(await first.locator(".message").count(), 1);
  assert.equal(await ada.messages("From the second tab").count(), 1);
});

test("HTML in a message is shown as the text it is", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  const nasty = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"> & "quotes" 'too'`;

  await ada.say(nasty);
  await grace.sees(nasty);
  await ada.sees(nasty, "read");

  for (const someone of [ada, grace]) {
    assert.equal(await someone.page.locator(".content").textContent(), nasty);
    assert.equal(await someone.page.evaluate(() => window.hacked), undefined);
    assert.equal(await someone.page.locator("#messages script, #messages img").count(), 0);
  }
});

test("a message through REST arrives on the sockets", async (t) => {
  const [ada, grace] = await twoInConversation(t);

  const { message } = await ada.rest("POST", "/send-message", { threadId: ada.threadId(), content: "By post" });

  await grace.sees("By post");
  await ada.sees("By post");
  assert.equal(message.seq, 1);
  await grace.rest("POST", "/mark-message-read", { messageId: message.id });
  await ada.sees("By post", "read");
});

test("a group shows who says what, under its title", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  const alan = await person(t, newName("Alan"));

  await ada.startConversation([grace.name, alan.name], "Picnic");
  await ada.say("Who brings what?");
  await alan.openConversation("Picnic");
  await alan.say("Blankets");
  await grace.openConversation("Picnic");

  await grace.sees("Blankets");
  await grace.page.locator(".sender", { hasText: alan.name }).waitFor();
  await ada.sees("Who brings what?", "read");
});

test("somebody who never signed in is named in the error", async (t) => {
  const ada = await person(t, newName("Ada"));

  await ada.page.click("#new-thread-button");
  await ada.page.fill("#people", "Nobody Atall");
  await ada.page.keyboard.press("Enter");

  await ada.page.locator("#new-thread-error", { hasText: "Nobody Atall is not here yet" }).waitFor();
});

test("older messages come when one scrolls up, and the place is kept", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  const threadId = ada.threadId();
  for (let i = 1; i <= 120; i++) await ada.rest("POST", "/send-message", { threadId, content: `Line ${i}` });
  await grace.sees("Line 120");
  await grace.page.reload();
  await grace.sees("Line 120");
  assert.equal(await grace.messages("Line 70").count(), 0);

  await scrollUpUntil(grace, "Line 71", "Line 70");
  const before = await grace.messages("Line 71").boundingBox();
  assert.ok(before.y > 0 && before.y < 720, `Line 71 stays in sight, at ${before.y}`);
  await scrollUpUntil(grace, "Line 21", "Line 1");

  await grace.page.locator("#history", { hasText: "beginning of the conversation" }).waitFor();
  const lines = await grace.page.locator(".content").allTextContents();
  assert.deepEqual(lines, Array.from({ length: 120 }, (_, i) => `Line ${i + 1}`));
  await grace.page.click("#to-newest");
  await grace.page.locator("#to-newest").waitFor({ state: "hidden" });
});

test("who scrolls up stays there, whatever comes before the browser tells the page", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  for (let i = 1; i <= 40; i++) await ada.rest("POST", "/send-message", { threadId: ada.threadId(), content: `Line ${i}` });
  await grace.sees("Line 40");

  const top = await grace.page.evaluate(async (key) => {
    const scroller = document.getElementById("scroller");
    scroller.scrollTop = 400;
    // Something changes, and the page is drawn anew, in the same frame.
    dispatchEvent(new StorageEvent("storage", { key }));
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
    return scroller.scrollTop;
  }, `cove.outbox.${grace.id}`);

  assert.equal(top, 400);
});

/** Brings a message into view, which fetches what is above it, until another is there. */
async function scrollUpUntil(someone, visible, wanted) {
  await someone.messages(visible).scrollIntoViewIfNeeded();
  await someone.messages(wanted).waitFor();
}
