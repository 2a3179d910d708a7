/** Does what the schedule says, and undoes it. */
import { Random } from "./random.mjs";
import { pause } from "./program.mjs";

export class Faults {
  /** @param say takes a line for each fault */
  constructor(system, history, say) {
    Object.assign(this, { system, history, say, apps: [] });
    /** Parts that a fault has hold of; another one for the same part waits. */
    this.held = new Map();
  }

  /** The schedule as it comes; returns when the last fault is over. */
  async run(schedule, began) {
    const all = [];
    for (const fault of schedule) {
      await pause(began + fault.at - Date.now());
      all.push(this.inject(fault, began));
    }
    await Promise.all(all);
  }

  async inject(fault, began) {
    const { part, what, run } = this.plan(fault);
    await this.alone(part, async () => {
      const record = { kind: fault.kind, at: Date.now(), until: Infinity };
      this.history.faults.push(record);
      this.say(`${seconds(record.at - began)}  ${fault.kind} ${what}`);
      await run();
      record.until = Date.now();
    });
  }

  /** Runs once nobody else has hold of the part. */
  async alone(part, run) {
    const turn = (this.held.get(part) ?? Promise.resolve()).then(run);
    this.held.set(part, turn);
    await turn;
  }

  /** The fault that this app's connection was under when it ended; what comes close before counts. */
  of(app) {
    const now = Date.now();
    const recent = this.history.faults.filter(({ until }) => until > now - 8_000);
    const own = app.fault && app.fault.at > now - 15_000 ? app.fault.kind : undefined;
    const node = recent.findLast(({ kind }) => /^(socket|postgres|database)-/.test(kind));
    return own ?? node?.kind ?? "none";
  }

  plan({ kind, lasts, node, share, rate, clients }) {
    const { nodes, postgres, api, hook, databases } = this.system;
    const program = nodes[node];
    const database = databases[node];
    const some = this.some(clients, share, kind);
    const over = (ms) => `for ${(ms / 1_000).toFixed(1)} s`;
    const during = async (begin, end) => {
      begin();
      await pause(lasts);
      end();
    };
    const restarted = (target, end) => async () => {
      await end();
      await pause(lasts);
      await target.start();
    };
    const rebalanced = (run) => async () => {
      await run();
      this.sendHome(program);
    };
    const each = (method, ...rest) => () => some.forEach(({ network }) => network[method](...rest));
    const people = `of ${some.length} clients`;
    return {
      "socket-kill": () => ({ part: program, what: program.name, run: rebalanced(restarted(program, () => program.kill())) }),
      "socket-term": () => ({ part: program, what: program.name, run: rebalanced(restarted(program, () => program.end("SIGTERM"))) }),
      "socket-freeze": () => ({
        part: program, what: `${program.name} ${over(lasts)}`,
        run: () => during(() => program.freeze(), () => program.thaw()),
      }),
      "postgres-kill": () => ({ part: postgres, what: "", run: restarted(postgres, () => postgres.kill()) }),
      "postgres-restart": () => ({ part: postgres, what: "", run: restarted(postgres, () => postgres.stop()) }),
      "postgres-crash": () => ({ part: postgres, what: "of one session", run: () => postgres.crash() }),
      "database-cut": () => ({ part: database, what: `of ${program.name}`, run: async () => database.cut() }),
      "database-silence": () => ({
        part: database, what: `of ${program.name} ${over(lasts)}`,
        run: () => during(() => database.silence(), () => database.resume()),
      }),
      "hook-cut": () => ({ part: hook, what: over(lasts), run: () => during(() => hook.refuse(), () => hook.resume()) }),
      "hook-silence": () => ({ part: hook, what: over(lasts), run: () => during(() => hook.silence(), () => hook.resume()) }),
      "api-kill": () => ({ part: api, what: "", run: restarted(api, () => api.kill()) }),
      "client-cut": () => ({ part: kind, what: `in mid-frame ${people}`, run: async () => each("cutInFrame")() }),
      "client-silence": () => ({
        part: "clients", what: `${people} ${over(lasts)}`, run: () => during(each("silence"), each("resume")),
      }),
      "client-slow": () => ({
        part: "clients", what: `${people} ${over(lasts)}, ${rate} bytes a second`,
        run: () => during(each("slow", rate), each("resume")),
      }),
      "client-move": () => ({
        part: kind, what: people,
        run: async () => some.forEach(({ network }) => {
          network.server.move();
          network.cut();
        }),
      }),
    }[kind]();
  }

  /** A share of the apps; they remember what happens to them. */
  some(seed, share, kind) {
    if (!kind.startsWith("client-")) return [];
    const chosen = new Random(seed).shuffled(this.apps).slice(0, Math.ceil(this.apps.length * share));
    chosen.forEach((app) => (app.fault = { kind, at: Date.now() }));
    return chosen;
  }

  /** A node is there again: who belongs to it comes back to it from the other one. */
  sendHome(program) {
    const away = this.apps.filter(({ network: { server } }) => server.isAway && server.nodes[server.home] === program);
    for (const app of away) {
      app.fault = { kind: "client-home", at: Date.now() };
      app.network.server.move();
      app.network.cut();
    }
  }

  /** Everything passes again. */
  heal() {
    const { hook, databases } = this.system;
    [hook, ...databases, ...this.apps.map(({ network }) => network)].forEach((network) => network.resume());
    this.system.nodes.forEach((program) => this.sendHome(program));
  }
}

const seconds = (ms) => `${(ms / 1_000).toFixed(1).padStart(7)} s`;
