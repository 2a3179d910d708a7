/** docs/performance.md's tables, between their markers. */
import { targetsOf, text } from "./targets.mjs";

const BEGIN = "<!-- speed:begin -->";
const END = "<!-- speed:end -->";
const NAMES = { cove: "Cove", "peer-pg": "socket.io, `pg`", "peer-prisma": "socket.io, Prisma" };
const READS = { history: "history page, 50 messages", threads: "list of threads, 20 of very many", sync: "sync, 20 messages", send: "REST send" };

const whole = (value) => value.toLocaleString("en-US");
const by = (row, peer) => (row.system === "cove" ? text(row.times[peer], 2) : "–");

function table(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(columns.map(([name]) => name)), `|${"---|".repeat(columns.length)}`, ...rows.map((row) => line(columns.map(([, cell]) => cell(row))))].join("\n");
}

const system = ["system", (row) => NAMES[row.system]];
const TIMES = [["× Prisma", (row) => by(row, "peer-prisma")], ["× `pg`", (row) => by(row, "peer-pg")]];

/** @returns Markdown of all tables */
export function tablesOf({ machine, plan, samples, figures }) {
  return [
    "### Targets", "", targets(figures), "",
    ...failures(samples),
    "### Direct threads", "",
    `${plan.direct.threads} threads. As many as get through is with ${plan.window} under way; saturation is the highest rate with a p99 of deliveries under 200 ms in one of two tries.`, "",
    table([system,
      ["messages a second, as many as get through", (row) => text(row.closed)], ["server, µs of CPU each", (row) => text(row.server)], ["PostgreSQL, µs each", (row) => text(row.postgres)],
      ["generator, cores", (row) => text(row.generator, 2)],
      ["saturation, messages a second", (row) => text(row.saturation)], ["p50 there, ms", (row) => text(row.p50, 1)], ["p99, ms", (row) => text(row.p99, 1)], ...TIMES], figures.direct), "",
    "### Groups", "",
    table([system, ["members", ({ size }) => size], ["deliveries a second", (row) => text(row.deliveries)], ["for a CPU-second of the server", (row) => text(row.perCpu)], ...TIMES,
      ["p99, ms", (row) => text(row.p99, 1)], ["bytes allocated each", (row) => (row.system === "cove" && row.size > 2 ? text(row.allocated) : "–")]], figures.groups), "",
    "### Connect, RS256, ready", "",
    table([system, ["connections a second", (row) => text(row.rate)], ["for a CPU-second of the server", (row) => text(row.perCpu)], ...TIMES, ["p99, ms", (row) => text(row.p99)]], figures.storm), "",
    "### Restart of the server", "",
    table([["ended by", ({ signal }) => signal], ["clients back", (row) => text(row.back)], ["recovered", (row) => text(row.recovered)], ["messages missed", (row) => text(row.missed)],
      ["seconds until it answers again", (row) => text(row.secondsUntilAnswers, 1)], ["seconds from then until all are back", (row) => text(row.secondsUntilAll, 1)],
      ["slowest send from then on, ms", (row) => text(row.sendsMax)], ["sends told to try again", (row) => text(row.refused)]], figures.reconnect), "",
    "### REST", "",
    table([["request", ({ what }) => READS[what]], ["messages", ({ messages }) => whole(messages)], system, ["a second", (row) => text(row.rate)],
      ["for a CPU-second of the server", (row) => text(row.perCpu)], ...TIMES, ["p50, ms", (row) => text(row.p50, 1)], ["p99, ms", (row) => text(row.p99, 1)]], figures.reads), "",
    "### Idle connections", "",
    table([system, ["connections", ({ connections }) => whole(connections)], ["bytes each", (row) => text(row.memory)],
      ["heartbeats, % of a core", (row) => text(row.core && { ...row.core, median: 100 * row.core.median, min: 100 * row.core.min, max: 100 * row.core.max }, 2)]], figures.idle), "",
    "### How it grows", "", "Slopes of the logarithms: 0 is flat, 1 in proportion.", "",
    table([["what", ({ what }) => what], ["from", ({ from }) => whole(from)], ["to", ({ to }) => whole(to)], system, ["slope", ({ slope }) => slope.toFixed(2)]],
      figures.growth.toSorted((a, b) => a.what.localeCompare(b.what))), "",
    "### Limits", "",
    table([["what", ({ what }) => what], ["a second", ({ figure }) => text(figure)]], [
      { what: "frames that a bare Netty websocket server sends back", figure: figures.echo.frames },
      { what: "the same for a CPU-second of it", figure: figures.echo.perCpu },
      ...figures.inserts.map(({ batch, rows }) => ({ what: `rows that PostgreSQL takes, ${whole(batch)} a statement`, figure: rows }))]), "",
    "### This run", "", about({ machine, plan, samples }),
  ].join("\n");
}

function targets(figures) {
  return table([["measure", ({ measure }) => measure], ["target", ({ target }) => target], ["measured", ({ measured }) => measured], ["ratio", ({ ratio }) => ratio],
    ["", ({ met, measured }) => (measured.includes("?") ? "?" : met ? "met" : "**missed**")]], targetsOf(figures));
}

/** What is missing is said where it is missing. */
function failures(samples) {
  const unique = [...new Set(samples.filter(({ what }) => what === "skipped" || what === "failed")
    .map(({ what, scenario, system: name, reason }) => `- ${what === "failed" ? `${scenario} of ${NAMES[name] ?? name} failed` : `${scenario}`}: ${reason}.`))];
  return unique.length ? ["Not as planned:", "", ...unique, ""] : [];
}

function about({ machine, plan, samples }) {
  const measured = samples.filter((sample) => "disturbed" in sample);
  const disturbed = measured.filter((sample) => sample.disturbed);
  const rounds = 1 + Math.max(0, ...measured.map(({ round }) => round));
  const others = Math.max(0, ...measured.map(({ others: cores }) => cores));
  const time = (date) => `${date.slice(0, 16).replace("T", " ")} UTC`;
  return [
    `${time(machine.date)}, commit ${machine.commit}; ${machine.cores} cores of ${machine.processor}, ${machine.memoryGb} GB, Linux ${machine.kernel}; ${machine.java};`,
    `Node ${machine.node.slice(1)}; ${machine.postgres}. ${rounds} rounds at most, ${plan.seconds} s each.`,
    `${disturbed.length} of ${measured.length} measurements were disturbed (†): other programs had more than a tenth of a core meanwhile, or another machine more than 2 % of the time.`,
    ...(machine.again ?? []).map(({ scenarios, date, commit }) => `Measured again, ${time(date)}, commit ${commit}: ${scenarios.join(", ")}.`),
    `The most that others had was ${others.toFixed(2)} cores; the load before it began was ${machine.loadBefore.toFixed(1)}.`,
  ].join("\n");
}

/** The page with its tables replaced. */
export function within(page, tables) {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The page has no ${BEGIN} … ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${page.slice(end)}`;
}
