import assert from "node:assert/strict";
import { test } from "node:test";
import { newName, person, twoInConversation } from "./cove.mjs";

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
