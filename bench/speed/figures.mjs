/** What the tables and the plots show, from the measurements. */
import { Rounds, slopeOf } from "./rounds.mjs";

const NODE = ["peer-pg", "peer-prisma"];
const KINDS = ["history", "threads", "sync", "send"];

/** Messages, deliveries, connections or requests for each second of the server's CPU. */
const perCpu = { messages: (s) => (s.rate * s.seconds) / s.cpu.server, deliveries: (s) => (s.deliveries * s.seconds) / s.cpu.server, ready: (s) => s.ready / s.cpu.server };
const microsOf = (part) => (s) => (1e6 * s.cpu[part]) / (s.rate * s.seconds);

/** @returns rows for each table */
export function figuresOf({ samples, plan }) {
  const rounds = new Rounds(samples);
  const systems = ["cove", ...NODE];
  return {
    direct: systems.map((system) => directOf(rounds, system)),
    latency: systems.map((system) => ({ system, points: latencyOf(rounds, system, plan.direct.from) })).filter(({ points }) => points.length > 0),
    atPeer: atPeerOf(rounds),
    groups: systems.flatMap((system) => groupsOf(rounds, system)),
    storm: systems.map((system) => stormOf(rounds, system)),
    reconnect: ["SIGTERM", "SIGKILL"].map((signal) => reconnectOf(rounds, signal)),
    reads: rounds.each("messages", { scenario: "reads" }).flatMap((messages) =>
      KINDS.flatMap((what) => systems.map((system) => readsOf(rounds, { system, what, messages })))),
    idle: ["cove", "peer-pg"].flatMap((system) => rounds.each("connections", { scenario: "idle", system, what: "idle" }).map((connections) => idleOf(rounds, { system, connections }))),
    growth: systems.flatMap((system) => growthOf(rounds, system)),
    echo: { frames: rounds.figure({ what: "echo" }, (s) => s.rate), perCpu: rounds.figure({ what: "echo" }, perCpu.messages) },
    inserts: rounds.each("batch", { what: "inserts" }).map((batch) => ({
      batch, rows: rounds.figure({ what: "inserts", batch }, (s) => s.rate), perCpu: rounds.figure({ what: "inserts", batch }, (s) => s.rowsPerCpuSecond) })),
  };
}

function directOf(rounds, system) {
  const closed = { scenario: "direct", system, what: "closed" };
  const saturated = { scenario: "direct", system, what: "saturation" };
  return {
    system,
    closed: rounds.figure(closed, (s) => s.rate),
    server: rounds.figure(closed, microsOf("server")),
    postgres: rounds.figure(closed, microsOf("postgres")),
    generator: rounds.figure(closed, (s) => s.cpu.generator / s.seconds),
    saturation: rounds.figure(saturated, (s) => s.rate),
    p50: rounds.figure(saturated, (s) => s.best.delivery?.p50),
    p99: rounds.figure(saturated, (s) => s.best.delivery?.p99),
    times: Object.fromEntries(NODE.map((peer) => [peer, rounds.ratio(saturated, { ...saturated, system: peer }, (s) => s.rate)])),
  };
}

/** Rates that every round tried: doubled from the first. */
function latencyOf(rounds, system, from) {
  const samples = rounds.of({ scenario: "direct", system, what: "saturation" });
  const steps = samples.flatMap(({ round, steps: all }) => all.map((step) => ({ ...step, round })));
  const ofSteps = new Rounds(steps.filter(({ rate }) => Number.isInteger(Math.log2(rate / from)) && rate >= from));
  return ofSteps.each("rate", {}).map((rate) => ({
    rate,
    held: ofSteps.of({ rate }).every(({ held }) => held),
    p50: ofSteps.figure({ rate }, (step) => step.p50),
    p99: ofSteps.figure({ rate }, (step) => step.p99),
  }));
}

function atPeerOf(rounds) {
  const [ours, peers] = ["ours", "peer"].map((whose) => ({ what: "at-peer", whose }));
  const of = (part) => ({
    ours: rounds.figure(ours, (s) => s.delivery[part]),
    peers: rounds.figure(peers, (s) => s.delivery[part]),
    found: rounds.figure(peers, (s) => s.found?.[part]),
    ratio: rounds.ratio(ours, peers, (s) => s.delivery[part]),
  });
  return { p50: of("p50"), p99: of("p99") };
}

/** Groups of two are the direct threads. */
function groupsOf(rounds, system) {
  const closed = { system, what: "closed" };
  const samples = new Rounds(rounds.of(closed).filter(({ scenario }) => scenario === "direct" || scenario === "groups"));
  return samples.each("size", {}).map((size) => ({
    system, size,
    deliveries: samples.figure({ size }, (s) => s.deliveries),
    perCpu: samples.figure({ size }, perCpu.deliveries),
    allocated: samples.figure({ size }, (s) => s.allocated),
    p99: samples.figure({ size }, (s) => s.delivery.p99),
    times: Object.fromEntries(NODE.map((peer) => [peer, rounds.ratio({ ...closed, size }, { ...closed, size, system: peer }, perCpu.deliveries)])),
  }));
}

function stormOf(rounds, system) {
  const all = { what: "storm", system };
  return {
    system,
    rate: rounds.figure(all, (s) => s.rate),
    perCpu: rounds.figure(all, perCpu.ready),
    p99: rounds.figure(all, (s) => s.latency.p99),
    times: Object.fromEntries(NODE.map((peer) => [peer, rounds.ratio(all, { ...all, system: peer }, perCpu.ready)])),
  };
}

function reconnectOf(rounds, signal) {
  const of = (name) => rounds.figure({ what: "reconnect", signal }, (s) => s[name]);
  return Object.assign({ signal }, ...["back", "recovered", "missed", "secondsUntilAnswers", "secondsUntilAll", "sendsMax", "refused"].map((name) => ({ [name]: of(name) })));
}

function readsOf(rounds, { system, what, messages }) {
  const all = { scenario: "reads", system, what, messages };
  return {
    system, what, messages,
    rate: rounds.figure(all, (s) => s.rate),
    perCpu: rounds.figure(all, perCpu.messages),
    p50: rounds.figure(all, (s) => s.latency.p50),
    p99: rounds.figure(all, (s) => s.latency.p99),
    times: Object.fromEntries(NODE.map((peer) => [peer, rounds.ratio(all, { ...all, system: peer }, perCpu.messages)])),
  };
}

function idleOf(rounds, { system, connections }) {
  const all = { what: "idle", system, connections };
  return {
    system, connections,
    memory: rounds.figure(all, (s) => s.memoryEach),
    core: rounds.figure(all, (s) => s.cpu.server / s.seconds),
  };
}

/** How what a message or a delivery costs the server grows with everything, as a slope: 0 is flat. */
function growthOf(rounds, system) {
  const points = (list, x, value) => list.filter((s) => s.system === system).map((s) => [s[x], value(s)]);
  const all = rounds.samples;
  const closed = all.filter((s) => s.what === "closed" && s.size === 2);
  const of = {
    "CPU of a message with threads": points(closed, "threads", microsOf("server")),
    "CPU of a delivery with the group's size": points(all.filter((s) => s.what === "closed" && s.scenario !== "many"), "size", (s) => 1 / perCpu.deliveries(s)),
    "CPU of a history page with messages": points(all.filter((s) => s.what === "history"), "messages", microsOf("server")),
    "p99 of a history page with messages": points(all.filter((s) => s.what === "history"), "messages", (s) => s.latency.p99),
    "CPU of a list of threads with messages": points(all.filter((s) => s.what === "threads"), "messages", microsOf("server")),
    "CPU of heartbeats with connections": points(all.filter((s) => s.what === "idle"), "connections", (s) => s.cpu.server),
  };
  return Object.entries(of).filter(([, list]) => list.length > 0).map(([what, list]) => {
    const sizes = list.map(([size]) => size);
    return { system, what, from: Math.min(...sizes), to: Math.max(...sizes), slope: slopeOf(list) };
  });
}
