/** What PUBLISH=1 puts in the place of what was published. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { replaced } from "./part.mjs";

const sample = (scenario, rate) => ({ scenario, rate });
const measured = (commit, ...samples) => ({ machine: { commit, date: `of ${commit}` }, plan: { only: "", seconds: 3 }, samples });
const whole = measured("a", sample("direct", 1), sample("reads", 2), sample("idle", 3), sample("reads", 4));

describe("a part that is measured again", () => {
  it("takes the place of its scenarios and leaves the others", () => {
    const { samples } = replaced(whole, measured("b", sample("reads", 5)));
    assert.deepEqual(samples, [sample("direct", 1), sample("idle", 3), sample("reads", 5)]);
  });

  it("is told of with its own commit, beside that of the whole", () => {
    const { machine, plan } = replaced(whole, { ...measured("b", sample("reads", 5), sample("idle", 6)), plan: { only: "reads|idle", seconds: 9 } });
    assert.deepEqual(machine, { commit: "a", date: "of a", again: [{ scenarios: ["reads", "idle"], commit: "b", date: "of b" }] });
    assert.deepEqual(plan, { only: "", seconds: 9 });
  });

  it("is told of once, however often it is measured", () => {
    const twice = replaced(replaced(whole, measured("b", sample("reads", 5), sample("idle", 6))), measured("c", sample("reads", 7)));
    assert.deepEqual(twice.machine.again.map(({ scenarios, commit }) => [commit, ...scenarios]), [["b", "idle"], ["c", "reads"]]);
    const thrice = replaced(twice, measured("d", sample("idle", 8)));
    assert.deepEqual(thrice.machine.again.map(({ commit }) => commit), ["c", "d"]);
  });
});
