/** The same in more and more direct threads, and so connections: what that does to the cost of a message. */
import { SYSTEMS } from "../lab.mjs";

export const many = {
  name: "many",
  systems: SYSTEMS,

  async measure(lab, system) {
    const { many: { threads: sizes }, seconds, window } = lab.plan;
    const samples = [];
    // As many as there may be connections, where that is less.
    for (const threads of new Set(sizes.map((size) => Math.min(size, Math.floor(lab.mostConnections / 2))))) {
      const database = await lab.talkers(system, threads, 2);
      samples.push(await lab.serve(system, database, async (server) => ({
        what: "closed", threads, size: 2, ...(await lab.measure(server, "threads", { threads, size: 2, window, seconds, warmup: lab.warmUp(system) })) })));
    }
    return samples;
  },
};
