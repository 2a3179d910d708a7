/** The numbers of a run, for people and for programs. */
import { countsOf, latencies } from "./checks/run.mjs";

const SHOWN = 12;

export function reportOf(history, checks, about) {
  const { quiet, calm, hintless, byFault } = latencies(history);
  const kinds = Object.entries(byFault).sort().map(([kind, samples]) => [kind, percentiles(samples)]);
  return {
    ...about,
    passed: checks.every(({ violations }) => violations.length === 0),
    numbers: countsOf(history),
    latencyMs: { quiet: percentiles(quiet), calm: percentiles(calm), "while only hints are lost": percentiles(hintless) },
    latencyMsByFault: Object.fromEntries(kinds),
    outages: history.outages,
    hints: Object.fromEntries(history.hints.map(({ node, received }) => [node, { "in the calm": received }])),
    reconnects: table(history.reconnects, ({ fault }) => fault, ({ recovered }) => (recovered ? "recovered" : "new")),
    disconnects: table(history.reconnects, ({ reason }) => reason, () => "times"),
    faults: table(history.faults, ({ kind }) => kind, () => "times"),
    refusals: table(history.refusals, ({ what }) => what, ({ code }) => code),
    checks,
  };
}

function percentiles(samples) {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { samples: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? null };
}

/** How often each value came in each row. */
function table(records, rowOf, columnOf) {
  const rows = {};
  for (const record of records) {
    const row = (rows[rowOf(record)] ??= {});
    row[columnOf(record)] = (row[columnOf(record)] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(rows).sort());
}

export function textOf({ numbers, latencyMs, latencyMsByFault, hints, outages, reconnects, disconnects, refusals, checks }) {
  const one = (values) => Object.entries(values).map(([name, value]) => `${name} ${value}`).join(", ");
  const rows = (title, values) => [title, ...Object.entries(values).map(([name, value]) => `  ${name.padEnd(28)} ${one(value)}`), ""];
  return [
    "",
    ...Object.entries(numbers).map(([name, value]) => `  ${name.padEnd(28)} ${value}`),
    "",
    ...rows("Live messages, milliseconds from stored to shown", latencyMs),
    ...rows("The same while only hints are lost, by the fault", latencyMsByFault),
    ...rows("Hints heard", hints),
    ...(outages.length === 0 ? [] : ["Nodes without PostgreSQL", ...outages.map((outage) => `  ${outageOf(outage)}`), ""]),
    ...rows("Reconnects, by the fault before", reconnects),
    ...rows("Reasons of the disconnects", disconnects),
    ...rows("Refusals", refusals),
    "Checks",
    ...linesOf(checks),
  ].join("\n");
}

/** What became of each check, and the first of its violations. */
export const linesOf = (checks) => checks.flatMap(({ name, violations }) => [
  `  ${violations.length === 0 ? "ok    " : "BROKEN"} ${name}`,
  ...violations.slice(0, SHOWN).map(({ kind, text }) => `           ${kind}: ${text}`),
  ...(violations.length > SHOWN ? [`           … ${violations.length} in all`] : []),
]);

const outageOf = ({ node, at, until, downAfterMs, upAfterMs, clients, lost }) => `${node} for ${until - at} ms: said so after ${downAfterMs} ms, `
  + `was well ${upAfterMs} ms after it was over; of its ${clients} clients ${lost} lost their connection`;
