/** REST on few and on many messages: pages of history, lists of threads, what somebody missed, and a send. */
import { SYSTEMS } from "../lab.mjs";
import { seed, seedBusy } from "../seed.mjs";

const BUSY = "busy";
const SIZE = 2;
/** The first kind of request makes warm what all have in common. */
const FIRST = 3;

export const reads = {
  name: "reads",
  systems: SYSTEMS,

  async measure(lab, system) {
    const { messages: totals, each, busy } = lab.plan.reads;
    const samples = [];
    for (const messages of totals) {
      const threads = messages / each;
      const database = await filled(lab, system, { messages, threads, each, busy });
      samples.push(...(await lab.serve(system, database, (server) => ask(lab, system, server, { messages, threads, each }), { functions: true })));
    }
    return samples;
  },
};

/** Made once for each schema: to fill it takes longer than to ask, and what is sent is little beside it. */
async function filled(lab, system, { messages, threads, each, busy }) {
  const schema = system === "cove" ? "cove" : "peer";
  const name = `${schema}_of_${messages}`;
  if (!lab.databases.has(name)) {
    lab.databases.set(name, lab.database(system, `of_${messages}`, async (session) => {
      const made = await seed(session, { schema, threads, size: SIZE, messagesEach: each });
      // Whom the busy one talks to: so many that none of them is in much, however few the other threads are.
      await session.run(`INSERT INTO app_user (id, name) SELECT 'u' || n, 'User ' || n FROM generate_series(1, ${4 * busy}) n ON CONFLICT DO NOTHING`);
      await seedBusy(session, { schema, user: BUSY, threads: busy, after: threads, users: 4 * busy });
      lab.say(`  ${name}: filled in ${made.seconds.toFixed(0)} s`);
    }));
  }
  return lab.databases.get(name);
}

async function ask(lab, system, server, { messages, threads, each }) {
  const { warmUp, seconds, window } = lab.plan.reads;
  const people = { threads, size: SIZE };
  const kinds = {
    history: { kind: "history", ...people, messages: each },
    threads: { kind: "threads", ...people, user: BUSY, limit: 20, rows: 20 },
    sync: { kind: "sync", ...people, users: 20, missed: 20 },
    send: { kind: "send", ...people },
  };
  const samples = [];
  let warmup = FIRST * (warmUp[system] ?? warmUp.node);
  for (const [what, settings] of Object.entries(kinds)) {
    samples.push({ what, messages, ...(await lab.measure(server, "reads", { ...settings, window, seconds, warmup })) });
    warmup = warmUp[system] ?? warmUp.node;
  }
  return samples;
}
