/** Does what the schedule says, and undoes it. */
import { Outage } from "./outage.mjs";
import { pause } from "./program.mjs";
import { Random } from "./random.mjs";

/** A connection may end some time after its fault began: a ping was due first. */
const REMEMBERED_MS = 15_000;
/** Before a crash that forgets them. */
const ROLLED_BACK = 6;

/** How each kind is done: which part it has hold of, what is said of it, and what happens. */
const PLANS = {
  "socket-kill": (it) => ({ part: it.node, what: it.node.name, run: () => it.restarted(it.node, () => it.node.kill()) }),
  "socket-term": (it) => ({ part: it.node, what: it.node.name, run: () => it.restarted(it.node, () => it.node.end("SIGTERM")) }),
  "socket-freeze": (it) => ({
    part: it.node, what: `${it.node.name} ${it.time}`, run: () => it.during(() => it.node.freeze(), () => it.node.thaw()),
  }),
  "postgres-kill": (it) => ({ part: it.postgres, what: "", run: () => it.restarted(it.postgres, () => it.postgres.kill()) }),
  "postgres-forget": (it) => ({
    part: it.postgres, what: `${ROLLED_BACK} transactions that rolled back`, run: () => it.restarted(it.postgres, () => it.forget()),
  }),
  "postgres-restart": (it) => ({ part: it.postgres, what: "", run: () => it.restarted(it.postgres, () => it.postgres.stop()) }),
  "postgres-crash": (it) => ({ part: it.postgres, what: "of one session", run: () => it.postgres.crash() }),
  "database-cut": (it) => ({ part: it.database, what: `of ${it.node.name}`, run: () => it.database.cut() }),
  "database-silence": (it) => ({ part: it.database, what: `of ${it.node.name} ${it.time}`, run: () => it.silenced(it.database) }),
  "database-slow": (it) => ({
    part: it.database, what: `of ${it.node.name} ${it.time}, ${it.shortLag} ms each way`,
    run: () => it.during(() => it.database.lag(it.shortLag), () => it.database.resume()),
  }),
  "hook-cut": (it) => ({ part: it.hook, what: it.time, run: () => it.during(() => it.hook.refuse(), () => it.hook.resume()) }),
  "hook-silence": (it) => ({ part: it.hook, what: it.time, run: () => it.silenced(it.hook) }),
  "api-kill": (it) => ({ part: it.api, what: "", run: () => it.restarted(it.api, () => it.api.kill()) }),
  "client-cut": (it) => ({ part: it, what: `in mid-frame ${it.people}`, run: () => it.each("cutInFrame") }),
  "client-silence": (it) => ({
    part: "clients", what: `${it.people} ${it.time}`, run: () => it.during(() => it.each("silence"), () => it.each("resume")),
  }),
  "client-slow": (it) => ({
    part: "clients", what: `${it.people} ${it.time}, ${it.rate} bytes a second`,
    run: () => it.during(() => it.each("slow", it.rate), () => it.each("resume")),
  }),
  "redis-kill": (it) => ({ part: it.redis, what: "", run: () => it.restarted(it.redis, () => it.redis.kill()) }),
  "redis-freeze": (it) => ({ part: it.redis, what: it.time, run: () => it.during(() => it.redis.freeze(), () => it.redis.thaw()) }),
  "redis-flush": (it) => ({ part: it.redis, what: "", run: () => it.redis.flush() }),
  "redis-full": (it) => ({ part: it.redis, what: it.time, run: () => it.during(() => it.redis.fill(), () => it.redis.empty()) }),
  "redis-cut": (it) => ({ part: it.carrier, what: `of ${it.node.name}`, run: () => it.carrier.cut() }),
  "redis-silence": (it) => ({ part: it.carrier, what: `of ${it.node.name} ${it.time}`, run: () => it.silenced(it.carrier) }),
  "redis-slow": (it) => ({
    part: it.carrier, what: `of ${it.node.name} ${it.time}, ${it.lag} ms each way`,
    run: () => it.during(() => it.carrier.lag(it.lag), () => it.carrier.resume()),
  }),
  "client-move": (it) => ({ part: it, what: it.people, run: () => it.faults.move(it.apps, "client-move") }),
};

/**
 * How partitions are done: by the kernel, between namespaces. Those that clients notice come one at a time: a node keeps its clients
 * without PostgreSQL, not without a network.
 */
const PARTITIONS = {
  "net-database": (it) => ({ part: "clients", what: `${it.node.name} from PostgreSQL ${it.time}`, run: () => it.outage("postgres") }),
  "net-alone": (it) => ({
    part: "clients", what: `${it.node.name} from PostgreSQL and Redis ${it.time}`, run: () => it.outage("postgres", "redis"),
  }),
  "net-redis": (it) => ({ part: it.node, what: `${it.node.name} from Redis ${it.time}`, run: () => it.parted("redis") }),
  "net-clients": (it) => ({ part: "clients", what: `${it.node.name} from half of its clients ${it.time}`, run: () => it.halved() }),
  "net-loss": (it) => ({
    part: "clients", what: `5 % of all packets ${it.time}`, run: () => it.during(() => it.net.lose(0.05), () => it.net.loseNothing()),
  }),
  "net-delay": (it) => ({
    part: "clients", what: `of all clients ${it.time}, ${it.lag} ms each way`,
    run: () => it.during(() => it.everybody("lag", it.lag), () => it.everybody("resume")),
  }),
};
Object.assign(PLANS, PARTITIONS);

export class Faults {
  /** @param say takes a line for each fault */
  constructor(system, history, say) {
    Object.assign(this, { system, history, say, apps: [], pollers: [] });
    /** Parts that a fault has hold of; another one for the same part waits. */
    this.held = new Map();
  }

  /** The schedule as it comes; returns when the last fault is over. */
  async run(schedule, began) {
    const all = [];
    for (const entry of schedule) {
      await pause(began + entry.at - Date.now());
      all.push(this.inject(new Fault(this, entry), began));
    }
    await Promise.all(all);
  }

  async inject(fault, began) {
    const { part, what, run } = PLANS[fault.kind](fault);
    await this.alone(part, async () => {
      const record = { kind: fault.kind, at: Date.now(), until: Infinity, ...fault.concerned };
      this.history.faults.push(record);
      fault.apps.forEach((app) => (app.fault = { kind: fault.kind, at: record.at }));
      this.say(`${((record.at - began) / 1_000).toFixed(1).padStart(7)} s  ${fault.kind} ${what}`);
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

  /** The fault that an app's connection was under when it ended, as far as anybody can say. */
  of(app) {
    if (app.fault?.at > Date.now() - REMEMBERED_MS) return app.fault.kind;
    const recent = this.history.faults.filter(({ until }) => until > Date.now() - REMEMBERED_MS / 2);
    return recent.findLast(({ kind }) => /^(socket|postgres|database|net)-/.test(kind))?.kind ?? "none";
  }

  /** Apps change to another node. */
  move(apps, kind) {
    for (const app of apps) {
      app.fault = { kind, at: Date.now() };
      app.network.server.move();
      app.network.cut();
    }
  }

  /** A node is there again: who belongs to it comes back to it from where it is. */
  sendHome(program) {
    this.move(this.apps.filter(({ network: { server } }) => server.isAway && server.nodes[server.home] === program), "client-home");
  }

  /** Everything passes again. */
  heal() {
    const { hook, databases, carriers, nodes } = this.system;
    [hook, ...databases, ...carriers, ...this.apps.map(({ network }) => network)].forEach((network) => network.resume());
    nodes.forEach((program) => this.sendHome(program));
  }
}

/** One entry of the schedule, and what it is about. */
class Fault {
  constructor(faults, { kind, lasts, node, share, rate, lag, clients }) {
    const { nodes, databases, carriers, postgres, redis, hook, api } = faults.system;
    const count = kind.startsWith("client-") ? Math.ceil(faults.apps.length * share) : 0;
    Object.assign(this, { faults, kind, lasts, rate, lag, postgres, redis, hook, api });
    this.net = faults.system.net;
    Object.assign(this, { node: nodes[node], database: databases[node], carrier: carriers[node] });
    this.apps = new Random(clients).shuffled(faults.apps).slice(0, count);
    /** Where only these clients notice anything. */
    this.concerned = count > 0 ? { readers: this.apps.map(({ name }) => name) } : {};
    this.people = `of ${count} clients`;
    /** A transaction has several statements. */
    this.shortLag = Math.round(lag / 10);
    this.time = `for ${(lasts / 1_000).toFixed(1)} s`;
  }

  each(method, ...parameters) {
    this.apps.forEach(({ network }) => network[method](...parameters));
  }

  async during(begin, end) {
    await begin();
    await pause(this.lasts);
    await end();
  }

  everybody(method, ...parameters) {
    this.faults.apps.forEach(({ network }) => network[method](...parameters));
  }

  /** The node is cut off from these parts. */
  parted(...parts) {
    const each = (method) => parts.forEach((part) => this.net[method](this.node.name, part));
    return this.during(() => each("cut"), () => each("join"));
  }

  /** The same, where it cannot work; what it says of that, and what becomes of its clients. */
  async outage(...parts) {
    const outage = new Outage(this.node, this.faults);
    const watched = outage.watch();
    await this.parted(...parts);
    outage.healed = Date.now();
    this.faults.history.outages.push(await watched);
  }

  /** Packets between the node and one of the clients' addresses are lost; new connections from there go to another node. */
  async halved() {
    const [, address] = this.faults.system.addresses;
    const { node } = this;
    await this.during(
      () => (this.net.cut(node.name, address), (node.cutFrom = address)),
      () => (this.net.join(node.name, address), (node.cutFrom = undefined)),
    );
    this.faults.sendHome(node);
  }

  silenced(network) {
    return this.during(() => network.silence(), () => network.resume());
  }

  async restarted(part, end) {
    await end();
    await pause(this.lasts);
    await part.start();
    this.faults.sendHome(part);
  }

  /** Pollers look just before PostgreSQL dies. */
  forget() {
    return this.postgres.forget(ROLLED_BACK, () => Promise.all(this.faults.pollers.map((poller) => poller.look())));
  }
}
