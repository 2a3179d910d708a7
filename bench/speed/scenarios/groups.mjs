/** The same people in groups: what a delivery costs the server, and, of ours, how many bytes of objects it makes. */
import { SYSTEMS } from "../lab.mjs";

export const groups = {
  name: "groups",
  systems: SYSTEMS,

  async measure(lab, system) {
    const samples = [];
    for (const [size, threads] of Object.entries(lab.plan.groups.threads)) {
      const database = await lab.talkers(system, threads, Number(size));
      samples.push(await lab.serve(system, database, (server) => closed(lab, system, server, { size: Number(size), threads })));
    }
    return samples;
  },
};

async function closed(lab, system, server, load) {
  const { seconds, groups: { window } } = lab.plan;
  const readings = [];
  const read = async () => readings.push({ at: performance.now() / 1_000, bytes: await server.allocated() });
  // The first reading loads what it takes to read.
  await server.allocated?.();
  const measured = await lab.measure(server, "threads", { ...load, window, seconds, warmup: lab.warmUp(system) }, { also: server.allocated && read });
  const allocation = () => {
    const [before, after] = readings;
    return (after.bytes - before.bytes) / (after.at - before.at) / measured.deliveries;
  };
  return { what: "closed", ...load, ...measured, ...(server.allocated ? { allocated: allocation() } : {}) };
}
