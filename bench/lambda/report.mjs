/** Medians over the rounds, and each function as a ratio to the peer in the same round. */
export const median = (values) => quantile(values, 0.5);

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

const p50 = ({ warm }) => quantile(warm, 0.5);
const p99 = ({ warm }) => quantile(warm, 0.99);

/** @returns {text, table}: Markdown, and a row of medians for each variant */
export function report({ samples, sizes, jar, share, calls }) {
  const of = (name) => samples.filter(({ variant }) => variant === name);
  const table = [...new Set(samples.map(({ variant }) => variant))].map((name) => row(name, of));
  return { text: page(table, { sizes, jar, share, calls }), table };
}

function row(name, of) {
  const own = of(name);
  const endpoint = name.split(" ").at(-1);
  const paired = (other, value) => {
    const pairs = own.map((sample) => [sample, of(other).find(({ round }) => round === sample.round)]).filter(([, peer]) => peer);
    return pairs.length && other !== name ? median(pairs.map(([sample, peer]) => value(sample, peer))) : null;
  };
  const function_ = own[0].first !== undefined;
  const peer = `${name.includes("secret") ? "node-secret" : "node"} ${endpoint}`;
  return {
    name,
    rounds: own.length,
    first: function_ ? median(own.map(({ first }) => first)) : null,
    firstRatio: function_ ? paired(peer, (sample, other) => sample.first / other.first) : null,
    cpu: function_ ? median(own.map(({ cpu }) => cpu)) : null,
    cpuRatio: function_ ? paired(peer, (sample, other) => sample.cpu / other.cpu) : null,
    p50: median(own.map(p50)),
    p99: median(own.map(p99)),
    above: function_ ? paired(`query ${endpoint}`, (sample, query) => p50(sample) - p50(query)) : null,
    warmCpu: function_ ? median(own.map(({ warmCpu }) => warmCpu)) : null,
    rss: function_ ? median(own.map(({ rss }) => rss)) : null,
  };
}

const number = (value, digits = 0) => (value === null ? "" : value.toFixed(digits));

function page(table, { sizes, jar, share, calls }) {
  const lines = table.map((r) => `| ${r.name} | ${number(r.first)} | ${number(r.firstRatio, 2)} | ${number(r.cpu)} | ${number(r.cpuRatio, 2)} | `
    + `${number(r.p50, 2)} | ${number(r.p99, 2)} | ${number(r.above, 2)} | ${number(r.warmCpu, 1)} | ${number(r.rss)} |`);
  const packages = Object.entries(sizes).map(([name, [bytes, files]]) => `| ${name} | ${(bytes / 1e6).toFixed(1)} | ${files} |`);
  return `# The Lambda functions beside the same endpoints in JavaScript

Written by \`make bench-lambda\`, which [bench](../README.md) explains: medians of ${Math.min(...table.map(({ rounds }) => rounds))} rounds of ${calls} calls, on ${share || "one"} ${share ? "of a core" : "core"}; ratios are to \`node\`
(\`node-secret\`) in the same round. Milliseconds; memory in MB. [docs/lambda.md](../../docs/lambda.md) says what follows from it.

| function | first answer | × node | CPU until then | × node | warm p50 | p99 | p50 above the query | CPU a warm call | RSS |
|---|---|---|---|---|---|---|---|---|---|
${lines.join("\n")}

| package | MB unpacked | files |
|---|---|---|
${packages.join("\n")}

\`lambda-api.jar\` has ${(jar / 1e6).toFixed(1)} MB.
`;
}
