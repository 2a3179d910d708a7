import assert from "node:assert/strict";
import { test } from "node:test";
import { newName, person, twoInConversation, url } from "./cove.mjs";

const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };

test("the keyboard alone signs in, starts a conversation, writes and moves about", async (t) => {
  const grace = await person(t, newName("Grace"));
  const ada = await person(t, newName("Ada"));
  const { page } = ada;
  const { keyboard } = page;
  // Signing out leads to the first screen, whose field has the focus.
  await tabTo(page, "#sign-out");
  await keyboard.press("Enter");
  await page.locator("#sign-in-name:focus").waitFor();
  await keyboard.type(ada.name);
  await keyboard.press("Enter");
  await ada.isConnection("connected");

  await tabTo(page, "#new-thread-button");
  await keyboard.press("Enter");
  await page.locator("#people:focus").waitFor();
  await keyboard.type(grace.name);
  await keyboard.press("Enter");
  await page.locator("#draft:focus").waitFor();
  await keyboard.type("One line");
  await keyboard.press("Shift+Enter");
  await keyboard.type("and another");
  await keyboard.press("Enter");

  await grace.openConversation(ada.name);
  await grace.page.locator(".content", { hasText: "One line\nand another" }).waitFor();
  await grace.startConversation([ada.name], "Second");
  await ada.inList("Second").waitFor();
  await keyboard.press("Escape");
  await page.locator(".thread:focus").waitFor();
  await keyboard.press("End");
  await page.locator(".thread:focus", { hasText: grace.name }).waitFor();
  await keyboard.press("ArrowUp");
  await page.locator(".thread:focus", { hasText: "Second" }).waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Home");
  await keyboard.press("Enter");
  await page.locator("#thread-title", { hasText: "Second" }).waitFor();
  await page.locator("#draft:focus").waitFor();
  await keyboard.press("Shift+Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "scroller");
});

test("what has the focus can be seen to have it", async (t) => {
  const [ada] = await twoInConversation(t);

  for (const target of ["#new-thread-button", "#sign-out", ".thread", "#mute", "#scroller"]) {
    await tabTo(ada.page, target);
    const outline = await ada.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, "solid", target);
  }
});

test("a screen reader is told of new messages, and every control has a name", async (t) => {
  const [ada, grace] = await twoInConversation(t);

  await grace.say("Can you hear me?");

  const announcer = ada.page.locator("#announcer", { hasText: `${grace.name}: Can you hear me?` });
  await announcer.waitFor({ state: "attached" });
  assert.equal(await announcer.getAttribute("aria-live"), "polite");
  const nameless = await ada.page.evaluate(() =>
    [...document.querySelectorAll("button, input, textarea")]
      .filter((control) => !control.textContent.trim() && !control.labels?.length && !control.getAttribute("aria-label"))
      .map((control) => control.outerHTML));
  assert.deepEqual(nameless, []);
});

test("on a phone list and conversation are two screens, and nothing sticks out", async (t) => {
  const [ada, grace] = await twoInConversation(t, PHONE);
  await fitsTheScreen(ada.page);
  await ada.say(`A long word: ${"x".repeat(300)} and https://example.com/${"path/".repeat(40)}`);
  await grace.say("Short");
  await ada.sees("Short");
  await fitsTheScreen(ada.page);
  assert.equal(await ada.page.locator(".sidebar").isVisible(), false);

  await ada.page.click("#back");

  await ada.inList(grace.name).waitFor();
  assert.equal(await ada.page.locator("#conversation").isVisible(), false);
  await fitsTheScreen(ada.page);
  await ada.page.click("#new-thread-button");
  await ada.page.locator("#new-thread[open]").waitFor();
  await fitsTheScreen(ada.page);
});

test("nothing on the page breaks its own security policy", async (t) => {
  const ada = await person(t, newName("Ada"));
  const broken = [];
  ada.page.on("console", (line) => /Content Security Policy/.test(line.text()) && broken.push(line.text()));

  await ada.page.goto(url + "/");
  await ada.page.locator("#chat").waitFor();

  assert.deepEqual(broken, []);
  assert.deepEqual(ada.faults, []);
});

/** Presses Tab until the element has the focus; fails after a round of the page. */
async function tabTo(page, selector) {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`Tab never reaches ${selector}`);
}

async function fitsTheScreen(page) {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("#scroller, .threads, .dialog")]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.id || element.tagName}: ${element.scrollWidth} in ${element.clientWidth} px`));
  assert.deepEqual(wide, []);
}
