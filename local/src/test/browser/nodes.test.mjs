/** What an operator's browser makes of the view of the nodes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { internalUrl, newContext, newName, person } from "./cove.mjs";

for (const colorScheme of ["light", "dark"]) {
  test(`an operator sees the node and who is connected, and the browser refuses nothing of the page, ${colorScheme}`, async (t) => {
    const page = await (await newContext(t, { colorScheme })).newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await person(t, newName("Ada"));

    await page.goto(`${internalUrl}/nodes`);

    const row = page.locator("#nodes tr");
    await row.locator(".state.good", { hasText: "up" }).waitFor();
    await row.locator("td:nth-child(4)", { hasText: /^[1-9]/ }).waitFor();
    await page.locator("#note", { hasText: "this node alone" }).waitFor();
    assert.equal(await row.count(), 1);
    const [paper, ink] = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.backgroundColor, style.color].map((color) => Number(color.match(/\d+/)[0]));
    });
    assert.equal(paper > ink, colorScheme === "light");
    assert.deepEqual(faults, []);
  });
}
