/**
 * `make bench`: our server, the same contract written for Node, and what the parts below both could do, in turns on one PostgreSQL; bench/README.md.
 * ONLY=… scenarios that match (with PUBLISH=1 in the place of what was published of them), ROUNDS=…, SECONDS=… of a measurement, QUICK=1: all of it in seconds; BENCH_HOME: where what it needs is put.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run } from "../nodes/run.mjs";
import { figuresOf } from "./figures.mjs";
import { Lab } from "./lab.mjs";
import { describeMachine } from "./machine.mjs";
import { replaced } from "./part.mjs";
import { plan, quick, roundsOf } from "./plan.mjs";
import { tablesOf, within } from "./report.mjs";
import { direct } from "./scenarios/direct.mjs";
import { groups } from "./scenarios/groups.mjs";
import { idle } from "./scenarios/idle.mjs";
import { limits } from "./scenarios/limits.mjs";
import { many } from "./scenarios/many.mjs";
import { reads } from "./scenarios/reads.mjs";
import { reconnect } from "./scenarios/reconnect.mjs";
import { storm } from "./scenarios/storm.mjs";
import { targetsOf } from "./targets.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const HOME = process.env.BENCH_HOME || `${ROOT}/bench/target/speed`;
/** What is published is of one whole run, or takes the place of that part of it. */
const PART = quick || (Boolean(process.env.ONLY) && process.env.PUBLISH !== "1");
const RESULTS = PART ? `${HOME}/speed.json` : `${ROOT}/bench/results/speed.json`;
const PAGE = `${ROOT}/docs/performance.md`;
const WATCHDOG_MS = 120 * 60_000;
const SCENARIOS = [limits, direct, many, groups, storm, reconnect, reads, idle];

const say = (line) => process.stderr.write(`${line}\n`);

/** All systems take turns in each round, and each comes first in one. */
async function play(lab, scenario) {
  const samples = [];
  for (let round = 0; round < roundsOf(scenario.name); round += 1) {
    const began = performance.now();
    const ofRound = [];
    const order = scenario.systems.map((_, i) => scenario.systems[(i + round) % scenario.systems.length]);
    for (const system of order) {
      const samples = await outcome(() => scenario.measure(lab, system, round));
      ofRound.push(...samples.map((sample) => ({ system, ...sample })));
    }
    if (scenario.afterRound) ofRound.push(...(await outcome(() => scenario.afterRound(lab, ofRound))));
    for (const sample of ofRound) say(lineOf(sample));
    samples.push(...ofRound.map((sample) => ({ ...sample, scenario: scenario.name, round })));
    say(`${scenario.name}: round ${round + 1} took ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  }
  return samples;
}

/** What was measured, or why it could not be: the others' turns are not lost. */
async function outcome(measure) {
  try {
    return await measure();
  } catch (failure) {
    say(failure.stack);
    return [{ what: "failed", reason: failure.message }];
  }
}

function lineOf({ system, what, rate, deliveries, delivery, cpu, disturbed, ...rest }) {
  const parts = { ...Object.fromEntries(["threads", "size", "connections", "messages", "reason"].filter((name) => name in rest).map((name) => [name, rest[name]])),
    rate: rate?.toFixed(0), deliveries: deliveries?.toFixed(0), p50: delivery?.p50, p99: delivery?.p99, server: cpu?.server.toFixed(2), postgres: cpu?.postgres.toFixed(2), generator: cpu?.generator.toFixed(2) };
  return `  ${system} ${what}: ${Object.entries(parts).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`).join(", ")}${disturbed ? " (disturbed)" : ""}`;
}

function publish(measured) {
  const figures = figuresOf(measured);
  const tables = tablesOf({ ...measured, figures });
  writeFileSync(RESULTS, `${JSON.stringify({ ...measured, figures, targets: targetsOf(figures) }, null, 1)}\n`);
  writeFileSync(`${HOME}/tables.md`, tables);
  if (PART) console.log(tables);
  else writeFileSync(PAGE, within(readFileSync(PAGE, "utf8"), tables));
}

async function bench() {
  // Google's key is made with the repository's own commands.
  process.chdir(ROOT);
  const lab = new Lab({ root: ROOT, home: HOME, quick, plan, say });
  mkdirSync(HOME, { recursive: true });
  await lab.open();
  const machine = describeMachine({ java: lab.programs.java, postgres: lab.postgres.commandLine[0], files: lab.files, root: ROOT });
  const samples = [];
  for (const scenario of SCENARIOS.filter(({ name }) => plan.only.test(name))) samples.push(...(await play(lab, scenario)));
  await lab.close();
  const measured = { machine, plan: { ...plan, only: plan.only.source, quick }, samples };
  publish(process.env.ONLY && !PART ? replaced(JSON.parse(readFileSync(RESULTS, "utf8")), measured) : measured);
  const failed = samples.filter(({ what }) => what === "failed");
  if (failed.length > 0) throw new Error(`${failed.length} measurements failed; the rest is in ${RESULTS}`);
}

await run(bench, WATCHDOG_MS);
