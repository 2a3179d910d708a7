/** Medians over the rounds, and each number of nodes as a ratio to one node in the same round. */

/** Of one measurement, what does not depend on how long it was. */
function values({ messages, deliveries, seconds, used, hints, of, p50, p99 }) {
  const all = used.servers + used.others + used.redis + used.database + used.load;
  return {
    messages: messages / seconds,
    deliveries: deliveries / seconds,
    perCpu: deliveries / used.servers,
    serverMs: (1e3 * used.servers) / messages,
    databaseMs: (1e3 * used.database) / messages,
    redisUs: (1e6 * used.redis) / messages,
    commands: used.commands / messages,
    in: used.in / messages,
    out: used.out / messages,
    sent: hints.sent / of,
    received: hints.received / of,
    p50,
    p99,
    serverShare: used.servers / seconds,
    databaseShare: used.database / seconds,
    redisShare: used.redis / seconds,
    loadShare: used.load / seconds,
    strangers: (used.machine - all) / seconds,
  };
}

/** @returns {text, table}: Markdown, and a row {size, nodes, paced, median: {…}, ratio: {…}} for each */
export function reportOf(result) {
  const measured = result.samples.map((sample) => ({ ...sample, values: values(sample) }));
  const table = [];
  for (const size of unique(measured, "size")) {
    for (const nodes of unique(measured, "nodes")) {
      for (const paced of [true, false]) {
        const rounds = measured.filter((sample) => sample.size === size && sample.nodes === nodes && sample.paced === paced);
        const alone = (round) => measured.find((one) =>
          one.size === size && one.nodes === 1 && one.paced === paced && one.round === round).values;
        const each = (value) => Object.fromEntries(Object.keys(rounds[0].values).map((name) => [name, median(rounds.map((s) => value(s, name)))]));
        table.push({
          size, nodes, paced,
          median: each((sample, name) => sample.values[name]),
          ratio: each((sample, name) => sample.values[name] / alone(sample.round)[name]),
        });
      }
    }
  }
  return { text: textOf(result, table), table };
}

const unique = (list, name) => [...new Set(list.map((one) => one[name]))].sort((a, b) => a - b);

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const whole = (number) => Math.round(number).toLocaleString("en-US");
const one = (number) => number.toFixed(1);
const two = (number) => number.toFixed(2);

function markdown(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(columns.map(([name]) => name)), `|${"---|".repeat(columns.length)}`, ...rows.map((row) => line(columns.map(([, cell]) => cell(row))))];
}

const GROUP = [["group", ({ size }) => size], ["nodes", ({ nodes }) => nodes]];

const PACED = [
  ...GROUP,
  ["hints a message", ({ median: m }) => one(m.sent)],
  ["commands", ({ median: m }) => one(m.commands)],
  ["bytes into Redis", ({ median: m }) => whole(m.in)],
  ["bytes out", ({ median: m }) => whole(m.out)],
  ["Redis, µs of CPU", ({ median: m }) => whole(m.redisUs)],
  ["servers, ms of CPU", ({ median: m }) => one(m.serverMs)],
  ["PostgreSQL, ms of CPU", ({ median: m }) => one(m.databaseMs)],
  ["latency p50, × one node", ({ ratio: r }) => two(r.p50)],
  ["p99, ×", ({ ratio: r }) => two(r.p99)],
];

const CLOSED = [
  ...GROUP,
  ["messages a second", ({ median: m }) => whole(m.messages)],
  ["deliveries a second", ({ median: m }) => whole(m.deliveries)],
  ["× one node", ({ ratio: r }) => two(r.deliveries)],
  ["deliveries a CPU-second of the servers", ({ median: m }) => whole(m.perCpu)],
  ["× one node", ({ ratio: r }) => two(r.perCpu)],
  ["Redis, µs of CPU", ({ median: m }) => whole(m.redisUs)],
  ["latency p50, ×", ({ ratio: r }) => two(r.p50)],
  ["p99, ×", ({ ratio: r }) => two(r.p99)],
  ["cores: servers, PostgreSQL, Redis, load, others", ({ median: m }) =>
    [m.serverShare, m.databaseShare, m.redisShare, m.loadShare, m.strangers].map(two).join(", ")],
];

function textOf({ samples, idle, people, seconds, rounds, jvm, groups }, table) {
  const sum = (value) => samples.reduce((all, sample) => all + value(sample), 0);
  const rest = (name) => median(idle.map((each) => each[name] / each.at));
  const nodes = idle[0].nodes;
  return [
    "# One, two, four and eight nodes",
    "",
    `Written by \`make bench-nodes\`: medians of ${rounds} rounds of ${seconds} s, the ratios to one node in the same round. ${people} people for each`,
    "number of nodes, spread evenly; neighbours in a group are on different nodes, so a group of 2 is on two nodes, and one of 100 on all.",
    `JVM options of the servers: \`${jvm}\`.`,
    "",
    "## At a fixed rate",
    "",
    `${Object.entries(groups).map(([size, { rate }]) => `${rate} messages a second to groups of ${size}`).join(", ")}. Of one message, its members all connected:`,
    "",
    ...markdown(PACED, table.filter(({ paced }) => paced)),
    "",
    "## As many as get through",
    "",
    `${Object.entries(groups).map(([size, { lanes }]) => `${lanes} messages under way for each node to groups of ${size}`).join(", ")}; the next one begins when`,
    "everybody has the one before.",
    "",
    ...markdown(CLOSED, table.filter(({ paced }) => !paced)),
    "",
    `Of ${whole(sum(({ of }) => of))} messages ${sum(({ refused }) => refused)} were refused; of ${whole(sum(({ hints }) => hints.sent))} hints`,
    `${sum(({ hints }) => hints.dropped)} were dropped, and ${sum(({ hints }) => hints.repaired)} events were found in the database before their hint came.`,
    "",
    "## In silence",
    "",
    `A node with nothing to do takes ${((100 * rest("servers")) / nodes).toFixed(1)} % of a core, and sends Redis ${whole(rest("in") / nodes)} bytes a second; PostgreSQL takes`,
    `${((100 * rest("database")) / nodes).toFixed(1)} % of a core for each.`,
    "",
  ].join("\n");
}
