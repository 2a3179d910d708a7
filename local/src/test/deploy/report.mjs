/** The numbers of a deployment, for people and for programs. */
import { linesOf } from "../faults/report.mjs";
import { groupBy, perSecond } from "./judge.mjs";

const WIDTH = 50;

export function reportOf(run, checks, about) {
  const { sends, reconnects, deployments, deliveries, people, began, ended } = run;
  const waits = sends.filter(({ acknowledged }) => acknowledged).map(({ at, acknowledged }) => acknowledged - at);
  const during = reconnects.map(({ left, at }) => at - left);
  return {
    ...about,
    passed: checks.every(({ violations }) => violations.length === 0),
    numbers: {
      clients: people.length,
      seconds: Math.round((ended - began) / 1_000),
      sends: sends.length,
      "sent more than once": sends.filter(({ tries }) => tries > 1).length,
      deliveries,
      reconnects: reconnects.length,
      recovered: reconnects.filter((reconnect) => reconnect.recovered).length,
      "more than one attempt": reconnects.filter(({ attempts }) => attempts > 1).length,
      "most reconnects in a second": Math.max(0, ...perSecond(run).flatMap(({ seconds }) => seconds)),
    },
    milliseconds: {
      "send to acknowledgement": percentiles(waits),
      "without a connection": percentiles(during),
    },
    reasons: Object.fromEntries([...groupBy(reconnects, ({ reason }) => reason)].map(([reason, own]) => [reason, own.length])),
    deployments: perSecond(run).map((each, i) => ({ ...each, startedMs: deployments[i].ready - deployments[i].until })),
    checks,
  };
}

function percentiles(values) {
  const sorted = values.sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? null };
}

export function textOf({ numbers, milliseconds, reasons, deployments, checks }) {
  const one = (values) => Object.entries(values).map(([name, value]) => `${name} ${value}`).join(", ");
  return [
    "",
    ...Object.entries(numbers).map(([name, value]) => `  ${name.padEnd(28)} ${value}`),
    "",
    "Milliseconds",
    ...Object.entries(milliseconds).map(([name, values]) => `  ${name.padEnd(28)} ${one(values)}`),
    "",
    `Reasons of the disconnects: ${one(reasons)}`,
    ...deployments.flatMap(plot),
    "",
    "Checks",
    ...linesOf(checks),
  ].join("\n");
}

/** A row for each second. */
function plot({ node, clients, drainedMs, startedMs, seconds }) {
  const most = Math.max(1, ...seconds);
  return [
    "",
    `Reconnects a second after ${node} was told to stop: ${clients} in all; it ended after ${drainedMs} ms and took ${startedMs} ms to start`,
    ...seconds.map((count, second) => `  ${String(second).padStart(3)} s ${String(count).padStart(5)} ${"#".repeat(Math.round((count / most) * WIDTH))}`),
  ];
}
