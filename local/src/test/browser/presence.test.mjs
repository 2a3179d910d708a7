import assert from "node:assert/strict";
import { test } from "node:test";
import { newName, person, twoInConversation } from "./cove.mjs";

/** Until the servers found it in the database, and this browser was told. */
const SECONDS = { timeout: 5_000 };

test("who hides is not seen online, nor when they last were, until they show themselves", async (t) => {
  const [ada, grace] = await twoInConversation(t);
  const online = ada.inList(grace.name).locator(".online-dot");
  const status = ada.page.locator("#thread-status");
  await online.waitFor();

  await grace.show(false);

  await online.waitFor({ state: "detached", ...SECONDS });
  await status.and(ada.page.locator(":empty")).waitFor({ state: "attached", ...SECONDS });
  await ada.page.reload();
  await grace.page.reload();
  await grace.say("Still here, unseen");
  await ada.sees("Still here, unseen");
  assert.equal(await online.count(), 0);
  assert.equal(await status.textContent(), "");
  await grace.page.locator("#thread-status").and(grace.page.getByText("online", { exact: true })).waitFor();

  await grace.show(true);

  await online.waitFor(SECONDS);
  await status.and(ada.page.getByText("online", { exact: true })).waitFor();
});

test("the switch shows what the server answered, after a reload and in every tab", async (t) => {
  const ada = await person(t, newName("Ada"));
  await ada.page.click("#profile-button");
  assert.equal(await ada.visible.isChecked(), true);
  await ada.page.keyboard.press("Escape");
  await ada.visible.waitFor({ state: "hidden" });

  await ada.show(false);

  await ada.page.reload();
  await ada.page.click("#profile-button");
  assert.equal(await ada.visible.isChecked(), false);
  const first = ada.page;
  await ada.openPage();
  await ada.show(true);
  await first.locator("#visible:checked").waitFor();
  assert.deepEqual(ada.faults, []);
});

test("where the server does not answer, the switch goes back and says so", async (t) => {
  const ada = await person(t, newName("Ada"));
  await ada.context.setOffline(true);
  await ada.isConnection("offline");

  await ada.page.click("#profile-button");
  await ada.visible.click();

  await ada.page.locator("#visible-error", { hasText: "cannot be reached" }).waitFor();
  assert.equal(await ada.visible.isChecked(), true);
});

test("Escape closes the profile and leaves the conversation open", async (t) => {
  const [ada] = await twoInConversation(t);

  await ada.page.click("#profile-button");
  await ada.visible.waitFor();
  await ada.page.keyboard.press("Escape");

  await ada.visible.waitFor({ state: "hidden" });
  assert.equal(await ada.page.locator("#open").isVisible(), true);
});
