/** Many come at once: TCP, websocket, a token whose RS256 signature is verified, the user looked up, let in. */
import { SYSTEMS } from "../lab.mjs";

export const storm = {
  name: "storm",
  systems: SYSTEMS,

  async measure(lab, system) {
    const { connections, together, before, counted } = lab.plan.storm;
    const settings = { connections, together };
    // Everybody has somebody to talk to, as people do.
    const database = await lab.talkers(system, Math.ceil(connections / 2), 2);
    return lab.serve(system, database, async (server) => {
      for (let i = before[system] ?? before.node; i > 0; i -= 1) await lab.generator.run("storm", { port: server.port, ...settings });
      const storms = [];
      while (storms.length < counted) storms.push(await lab.measureAll(server, "storm", { ...settings, wait: "yes" }, "signed", true));
      return [{ what: "storm", connections, ...medianOf(storms) }];
    });
  },
};

/** Now and then a compiler makes something anew, which costs as much as a storm. */
const medianOf = (storms) => storms.toSorted((a, b) => a.cpu.server - b.cpu.server)[Math.floor(storms.length / 2)];
