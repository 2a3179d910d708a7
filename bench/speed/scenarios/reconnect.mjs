/** The server is restarted, politely and not, while many are connected and a few write: all must come back and have what they missed. */
export const reconnect = {
  name: "reconnect",
  /** Socket.IO's recovery ends with the process: a peer would have to be asked for everything anew. */
  systems: ["cove"],

  async measure(lab, system) {
    const samples = [];
    for (const signal of ["SIGTERM", "SIGKILL"]) {
      const { clients, rate } = lab.plan.reconnect;
      const threads = Math.min(clients, lab.mostConnections) / 2;
      const database = await lab.talkers(system, threads, 2);
      samples.push(await lab.serve(system, database, async (server) => {
        let died;
        let before;
        let profiled;
        const result = await lab.generator.run("reconnect", { port: server.port, threads, size: 2, rate }, {
          connected: async () => {
            before = lab.meters();
            died = performance.now();
            await lab.restart(server, signal);
            profiled = lab.profile(server, "reconnect");
          },
          answers: () => void (died = (performance.now() - died) / 1_000),
        });
        profiled();
        return { what: "reconnect", signal, clients: 2 * threads, secondsUntilAnswers: died, ...result, ...lab.others(before) };
      }));
    }
    return samples;
  },
};
