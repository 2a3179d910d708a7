/** Decides on a deployment: pure, so that its own tests can show it what it must find. */

/** A second may see this many times the usual rate of reconnects of its deployment, and a few more. */
const HERD = { times: 3, more: 10 };

/**
 * @param run {threads: [{id, members}], sends: [{threadId, at, acknowledged, seq}], shown: [{uid, threadId, last, digest}],
 *   reconnects: [{left, at, recovered}], deployments: [{node, at, until}], violations: [{kind, text}], deliveries}
 * @param required {stallMs, recoveredShare, reconnects, deliveries}
 * @returns one entry a check: {name, violations: [{kind, text}]}
 */
export function judge(run, required) {
  return Object.entries(CHECKS).map(([name, check]) => ({ name, violations: check(run, required) }));
}

const CHECKS = {
  "nobody got a message twice, out of order or not at all": ({ violations }) => violations,
  "every send is acknowledged, and stored once": stored,
  "everybody shows every thread to its end, and all the same": complete,
  "no send stalls": stalls,
  "reconnects are recovered": recovered,
  "there is no herd": herds,
  "the run is large enough": size,
};

function stored({ threads, sends }) {
  const byThread = groupBy(sends, ({ threadId }) => threadId);
  return threads.flatMap(({ id }) => {
    const own = byThread.get(id) ?? [];
    const open = own.filter(({ acknowledged }) => !acknowledged).length;
    const seqs = own.map(({ seq }) => seq).sort((a, b) => a - b);
    if (open > 0) return [violation("unacknowledged", `${open} sends to ${id}`)];
    const wrong = seqs.findIndex((seq, i) => seq !== i + 1);
    return wrong < 0 ? [] : [violation("doubled", `of the sends to ${id} none is seq ${wrong + 1}, the next is ${seqs[wrong]}`)];
  });
}

function complete({ threads, sends, shown }) {
  const lengths = new Map();
  for (const { threadId } of sends) lengths.set(threadId, (lengths.get(threadId) ?? 0) + 1);
  const states = new Map(shown.map((state) => [`${state.uid} ${state.threadId}`, state]));
  return threads.flatMap(({ id, members }) => {
    const end = lengths.get(id) ?? 0;
    const own = members.map((uid) => ({ last: 0, digest: 0, ...states.get(`${uid} ${id}`), uid }));
    return own.flatMap(({ uid, last, digest }) => {
      if (last !== end) return [violation(last < end ? "missed" : "doubled", `${uid} shows ${id} up to ${last}, ${end} were sent`)];
      return digest === own[0].digest ? [] : [violation("differs", `${uid} shows ${id} otherwise than ${own[0].uid}`)];
    });
  });
}

function stalls({ sends }, { stallMs }) {
  return sends
    .filter(({ at, acknowledged }) => acknowledged - at > stallMs)
    .map(({ at, acknowledged, threadId }) => violation("stalled", `a send to ${threadId} was acknowledged after ${acknowledged - at} ms`));
}

function recovered({ reconnects }, { recoveredShare }) {
  const good = reconnects.filter((reconnect) => reconnect.recovered).length;
  if (good >= reconnects.length * recoveredShare) return [];
  return [violation("not-recovered", `${good} of ${reconnects.length} reconnects were recovered, ${recoveredShare * 100} % are needed`)];
}

/** Reconnects in each second from the beginning of a deployment to the next. */
export function perSecond({ deployments, reconnects }) {
  return deployments.map(({ node, at, until }, i) => {
    const next = deployments[i + 1]?.at ?? Infinity;
    const own = reconnects.filter((reconnect) => reconnect.at >= at && reconnect.at < next);
    const seconds = [];
    for (const reconnect of own) {
      const second = Math.floor((reconnect.at - at) / 1_000);
      seconds[second] = (seconds[second] ?? 0) + 1;
    }
    return { node, clients: own.length, drainedMs: until - at, seconds: Array.from(seconds, (count) => count ?? 0) };
  });
}

function herds(run) {
  return perSecond(run).flatMap(({ node, clients, drainedMs, seconds }) => {
    const limit = HERD.times * (clients / (drainedMs / 1_000)) + HERD.more;
    const most = Math.max(0, ...seconds);
    return most <= limit ? [] : [violation("herd", `${most} reconnects in a second after ${node} was stopped, ${Math.round(limit)} at most are due`)];
  });
}

function size({ reconnects, deliveries }, required) {
  return Object.entries({ reconnects: reconnects.length, deliveries })
    .filter(([what, count]) => count < required[what])
    .map(([what, count]) => violation("too-small", `${count} ${what}, at least ${required[what]} are needed`));
}

export function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

const violation = (kind, text) => ({ kind, text });
