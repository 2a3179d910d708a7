/**
 * A part of what was published, measured again: its scenarios take the place of the former ones, and it is told when and of which commit.
 * @param before what was published
 * @param again  what was measured now, of some scenarios
 */
export function replaced(before, { machine, plan, samples }) {
  const names = new Set(samples.map(({ scenario }) => scenario));
  const kept = (before.machine.again ?? [])
    .map((part) => ({ ...part, scenarios: part.scenarios.filter((name) => !names.has(name)) }))
    .filter(({ scenarios }) => scenarios.length > 0);
  return {
    machine: { ...before.machine, again: [...kept, { scenarios: [...names], date: machine.date, commit: machine.commit }] },
    plan: { ...plan, only: "" },
    samples: [...before.samples.filter(({ scenario }) => !names.has(scenario)), ...samples],
  };
}
