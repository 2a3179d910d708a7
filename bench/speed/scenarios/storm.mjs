/** Many come at once: TCP, websocket, a token whose RS256 signature is verified, the user looked up, let in. */
import { SYSTEMS } from "../lab.mjs";

export const storm = {
  name: "storm",
  systems: SYSTEMS,

  async measure(lab, system) {
    const { connections, together, before } = lab.plan.storm;
    const settings = { connections, together };
    // Everybody has somebody to talk to, as people do.
    const database = await lab.talkers(system, Math.ceil(connections / 2), 2);
    return lab.serve(system, database, async (server) => {
      for (let i = before[system] ?? before.node; i > 0; i -= 1) await lab.generator.run("storm", { port: server.port, ...settings });
      return [{ what: "storm", connections, ...(await lab.measureAll(server, "storm", { ...settings, wait: "yes" }, "signed", true)) }];
    });
  },
};
