/** What comes to somebody's phone, while they watch it. A push takes the grace of three seconds, and until servers and page looked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { internalUrl, newName, person, until } from "./cove.mjs";

test("a push comes to the closed app's phone, the next takes its place, and reading in another window takes it away", async (t) => {
  const [ada, bob] = await twoWithAPhone(t);
  await bob.closeApp();

  await ada.say("Are you there?");

  const card = bob.notification(ada.name);
  await card.filter({ hasText: "Are you there?" }).waitFor();
  assert.equal(await bob.page.locator("#phone-badge").textContent(), "1");

  await ada.say("It can wait.");

  await bob.page.locator(".notification.replaced", { hasText: "It can wait." }).waitFor();
  assert.equal(await bob.page.locator(".notification").count(), 1);
  assert.equal(await bob.page.locator("#phone-badge").textContent(), "2");
  assert.deepEqual(await bob.happened(), ["was replaced", "came"]);

  const phone = bob.page;
  await bob.openPage();
  await bob.openConversation(ada.name);
  await bob.sees("It can wait.");

  await phone.locator(".notification").waitFor({ state: "detached" });
  await phone.locator("#no-notifications").waitFor();
  await phone.locator("#phone-badge").waitFor({ state: "hidden" });
  await phone.locator("#phone-log", { hasText: "was withdrawn" }).waitFor();
  assert.deepEqual(bob.faults, []);
});

test("threads have a notification each, the newest on top, and tapping one opens its thread and takes it away", async (t) => {
  const [ada, bob] = await twoWithAPhone(t);
  const group = `Tea of ${ada.name}`;
  await bob.closeApp();
  await ada.say("Just between us");
  await bob.notification("Just between us").waitFor();
  await ada.startConversation([bob.name], group);
  await ada.say("For everybody");
  await bob.notification("For everybody").waitFor();
  assert.deepEqual(await bob.page.locator(".notification-body").allTextContents(), ["For everybody", "Just between us"]);

  await bob.notification("Just between us").click();

  await bob.isConnection("connected");
  await bob.page.locator("#thread-title", { hasText: ada.name }).waitFor();
  await bob.sees("Just between us");
  assert.equal(await bob.page.locator("#app-closed").isVisible(), false);
  await bob.page.locator(".notification").filter({ hasText: "Just between us" }).waitFor({ state: "detached" });
  assert.deepEqual(await bob.page.locator(".notification-body").allTextContents(), ["For everybody"]);
  await bob.inList(group).locator(".badge").waitFor();
});

test("what reaches the open app does not come to the phone", async (t) => {
  const [ada, bob] = await twoWithAPhone(t);
  await ada.say("Seen in the app");
  await bob.inList(ada.name).locator(".badge").waitFor();
  await hasReached(bob, ada.threadId());
  await ada.startConversation([bob.name], "Later");
  await bob.inList("Later").waitFor();
  await bob.closeApp();
  await ada.say("Seen on the phone");

  // Pushes are decided about in the order of what was stored: the first message would have come before.
  await bob.notification("Seen on the phone").waitFor();
  assert.deepEqual(await bob.happened(), ["came"]);
  assert.equal(await bob.page.locator("#phone-badge").textContent(), "2");
});

test("the phone of whoever signed out is pushed to no more", async (t) => {
  const [ada, bob] = await twoWithAPhone(t);
  await ada.say("Who is there?");
  await ada.sees("Who is there?", "stored");
  assert.equal((await newest(bob, ada.threadId())).devices, 1);

  await bob.page.click("#sign-out");

  await bob.page.locator("#sign-in-name:focus").waitFor();
  assert.equal((await newest(bob, ada.threadId())).devices, 0);
});

test("the keyboard alone closes the app, puts the phone away, and opens both again", async (t) => {
  const [ada, bob] = await twoWithAPhone(t);
  const { page } = bob;
  const { keyboard } = page;
  await bob.openConversation(ada.name);
  await page.focus("#app-open");

  await keyboard.press("Space");
  await bob.isConnection("closed");
  await keyboard.press("Escape");

  await page.locator("#show-phone:focus").waitFor();
  assert.equal(await page.locator("#phone").isVisible(), false);
  await keyboard.press("Escape");
  await keyboard.press("Enter");
  await page.locator("#phone-close:focus").waitFor();
  await keyboard.press("Enter");
  await keyboard.press("Shift+Tab");
  await page.locator("#open-app:focus").waitFor();
  await keyboard.press("Enter");

  await bob.isConnection("connected");
  await page.locator("#thread-title", { hasText: ada.name }).waitFor();
  await page.locator("#draft:focus").waitFor();
  await page.focus("#phone-button");
  await keyboard.press("Enter");
  await page.locator("#phone-close:focus").waitFor();
  await keyboard.press("Escape");
  await page.locator("#phone-button:focus").waitFor();
  assert.equal(await page.locator("#phone").isVisible(), false);
  assert.equal(await page.locator("#thread-title").isVisible(), true);
});

test("on a small screen the phone covers the chat, nothing sticks out, and a tapped thread is seen", async (t) => {
  const [ada, bob] = await twoWithAPhone(t, { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  const broken = [];
  bob.page.on("console", (line) => /Content Security Policy/.test(line.text()) && broken.push(line.text()));
  await bob.closeApp();
  await ada.say(`A long word: ${"x".repeat(300)}`);
  const card = bob.notification("A long word");
  await card.waitFor();
  const wide = await bob.page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll(".phone-panel, .notification-card, .phone-log")]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => element.className || element.tagName));
  assert.deepEqual(wide, []);

  await card.click();

  await bob.page.locator("#thread-title", { hasText: ada.name }).waitFor();
  assert.equal(await bob.page.locator("#phone").isVisible(), false);
  assert.deepEqual(broken, []);
  assert.deepEqual(bob.faults, []);
});

/** Waits until the server knows that the thread's newest message has arrived: closed before, the app would leave it to the phone. */
async function hasReached(someone, threadId) {
  await until(async () => (await newest(someone, threadId)).verdict === "REACHED");
}

/** Why somebody gets a push for the thread's newest message, or none, as the server explains it. */
async function newest(someone, threadId) {
  const { messages } = await someone.rest("GET", `/thread-messages?threadId=${threadId}&limit=1`);
  const query = new URLSearchParams({ userId: someone.id, messageId: messages[0].id });
  return (await fetch(`${internalUrl}/pushes?${query}`)).json();
}

/** Ada in a conversation with Bob, who looks at his phone and has the app open. */
async function twoWithAPhone(t, options = {}) {
  const bob = await person(t, newName("Bob"), options);
  const ada = await person(t, newName("Ada"));
  await ada.startConversation([bob.name]);
  await bob.inList(ada.name).waitFor();
  await bob.openPhone();
  return [ada, bob];
}
