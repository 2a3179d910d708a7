/** The targets, and what was measured of each: by the median. */

const number = (value, digits = 0) => value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A median with its spread; `?` where nothing was measured, which no finished table has. † where most rounds were disturbed. */
export function text(figure, digits = 0, unit = "") {
  if (!figure) return "?";
  const { median, min, max, disturbed } = figure;
  const [middle, low, high] = [median, min, max].map((value) => number(value, digits));
  return `${middle}${unit}${low === high ? "" : ` (${low}–${high})`}${disturbed ? " †" : ""}`;
}

const atLeast = (figure, least) => ({ met: figure && figure.median >= least });
const atMost = (figure, most) => ({ met: figure && figure.median <= most });

/** @returns rows {measure, target, measured, ratio, met} */
export function targetsOf(figures) {
  const of = (table, properties) => figures[table].find((row) => Object.entries(properties).every(([name, value]) => row[name] === value));
  const last = (table, properties) => figures[table].filter((row) => Object.entries(properties).every(([name, value]) => row[name] === value)).at(-1);
  const { direct, atPeer, inserts, storm, reconnect } = figures;
  const cove = direct[0];
  const group = figures.groups.filter(({ system, size }) => system === "cove" && size > 2)[0];
  const idle = last("idle", { system: "cove" });
  const most = inserts.reduce((best, row) => (row.rows && row.rows.median > (best?.median ?? 0) ? row.rows : best), null);
  return [
    times("saturation, against socket.io with Prisma", text(cove.saturation, 0, " a second"), cove.times["peer-prisma"], 15),
    times("saturation, against socket.io with `pg`", text(cove.saturation, 0, " a second"), cove.times["peer-pg"], 5),
    ...[["p50", 3], ["p99", 15]].map(([part, ms]) => ({
      measure: `${part} of a delivery at the best peer's saturation`,
      target: `half of the peer's, or under ${ms} ms`,
      measured: `${text(atPeer[part].ours, 1, " ms")}; the peer ${text(atPeer[part].peers, 1, " ms")}, and ${text(atPeer[part].found, 1, " ms")} in the try that found the rate`,
      ratio: text(atPeer[part].ratio, 2),
      met: atPeer[part].ours && (atPeer[part].ratio?.median <= 0.5 || atPeer[part].ours.median < ms),
    })),
    times(`deliveries for a CPU-second in groups of ${group?.size ?? "?"}`, text(group?.perCpu), group?.times["peer-pg"], 4),
    share(cove.saturation, most),
    { measure: `memory of an idle connection, at ${idle ? number(idle.connections) : "?"}`, target: "at most 10 KB", measured: text(scaled(idle?.memory, 1e-3), 1, " KB"), ratio: "–", ...atMost(idle?.memory, 10_240) },
    { measure: "their heartbeats", target: "at most 2 % of a core", measured: text(scaled(idle?.core, 100), 2, " %"), ratio: "–", ...atMost(idle?.core, 0.02) },
    times("connect, RS256 and ready, for a CPU-second", text(storm[0].perCpu), storm[0].times["peer-pg"], 3),
    ...["history", "threads"].flatMap((what) => {
      const row = last("reads", { system: "cove", what });
      const name = what === "history" ? "history page" : "list of threads";
      return [times(`${name} for a CPU-second, against Prisma`, text(row?.perCpu), row?.times["peer-prisma"], 6),
        times(`${name} for a CPU-second, against \`pg\``, text(row?.perCpu), row?.times["peer-pg"], 1.5), flat(name, of("reads", { system: "cove", what }), row)];
    }),
    ...reconnect.flatMap((row) => [
      { measure: `${text(row.back)} clients back, with recovery, after ${row.signal}`, target: "within 10 s, and nothing missed", measured: `${text(row.secondsUntilAll, 1, " s")}, ${text(row.recovered)} recovered`, ratio: "–", ...atMost(row.secondsUntilAll, 10) },
      { measure: `the slowest send meanwhile, ${row.signal}`, target: "500 ms", measured: text(row.sendsMax, 0, " ms"), ratio: "–", ...atMost(row.sendsMax, 500) },
    ]),
    { measure: `allocation for a delivery in groups of ${group?.size ?? "?"}`, target: "under 300 bytes", measured: text(group?.allocated, 0, " bytes"), ratio: "–", ...atMost(group?.allocated, 300) },
  ];
}

const times = (measure, measured, ratio, least) => ({ measure, target: `${least} times`, measured, ratio: text(ratio, 2), ...atLeast(ratio, least) });

const scaled = (figure, by) => figure && { ...figure, median: figure.median * by, min: figure.min * by, max: figure.max * by };

function share(saturation, most) {
  const ratio = saturation && most ? { ...saturation, median: saturation.median / most.median, min: saturation.min / most.max, max: saturation.max / most.min } : null;
  return { measure: "share of what PostgreSQL takes in multi-row inserts", target: "50 %", measured: `${text(saturation)} of ${text(most)} a second`, ratio: text(ratio, 2), ...atLeast(ratio, 0.5) };
}

/** With a thousand times the messages: half as much again is as flat as a p99 of so few seconds can show. */
function flat(name, few, many) {
  const ratio = few?.p99 && many?.p99 ? { median: many.p99.median / few.p99.median, min: many.p99.min / few.p99.max, max: many.p99.max / few.p99.min, disturbed: many.p99.disturbed } : null;
  return {
    measure: `p99 of a ${name}, from ${few ? number(few.messages) : "?"} to ${many ? number(many.messages) : "?"} messages`,
    target: "flat: at most 1.5 times", measured: `${text(few?.p99, 1)} to ${text(many?.p99, 1, " ms")}`, ratio: text(ratio, 2), ...atMost(ratio, 1.5),
  };
}
