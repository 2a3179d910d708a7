/** Two people each: as many messages as get through, latency against rate, and the highest rate that is held. */
import { SYSTEMS } from "../lab.mjs";

export const direct = {
  name: "direct",
  systems: SYSTEMS,

  async measure(lab, system) {
    const { direct: { threads, ...search }, seconds, settle, window } = lab.plan;
    const database = await lab.talkers(system, threads, 2);
    return lab.serve(system, database, async (server) => {
      const closed = await lab.measure(server, "threads", { threads, size: 2, window, seconds, warmup: lab.warmUp(system) });
      const saturated = await lab.measureAll(server, "saturate", { threads, size: 2, ...search, settle, warmup: settle }, "warm");
      return [{ what: "closed", threads, size: 2, ...closed }, { what: "saturation", threads, ...saturated }];
    });
  },

  /**
   * The rate at which the best peer is full, of it and of ours: who that is shows when all have had their turn. What it had in the try that found the
   * rate is the luckier one of two. At less than gets through, other code of ours is in use.
   */
  async afterRound(lab, samples) {
    const peers = samples.filter(({ what, system }) => what === "saturation" && system !== "cove");
    if (peers.length === 0) return [];
    const best = peers.reduce((a, b) => (b.rate > a.rate ? b : a));
    const rate = Math.max(1, best.rate);
    return [{ found: best.best.delivery, ...(await atRate(lab, best.system, rate)) }, await atRate(lab, "cove", rate)];
  },
};

async function atRate(lab, system, rate) {
  const { direct: { threads }, seconds, settle, window } = lab.plan;
  const database = await lab.talkers(system, threads, 2);
  return lab.serve(system, database, async (server) => {
    await lab.generator.run("threads", { port: server.port, threads, size: 2, window, warmup: lab.warmUp(system), seconds: settle });
    const measured = await lab.measure(server, "threads", { threads, size: 2, rate, seconds, warmup: lab.warmUp("cove") / 2 });
    return { what: "at-peer", whose: system === "cove" ? "ours" : "peer", system, threads, ...measured };
  });
}
