/**
 * The system under test: PostgreSQL, Redis, some socket servers and the REST side, each a process of its own, with networks
 * of ours between them.
 *
 * A part's place is {host, within}: the address that it listens on, and what its command begins with.
 */
import { Proxy } from "../clients/proxy.mjs";
import { HAProxy } from "./haproxy.mjs";
import { Postgres } from "./postgres.mjs";
import { freePorts, Program } from "./program.mjs";
import { Redis } from "./redis.mjs";

export const PROJECT = "cove-faults";

/** Actors do in seconds what users do in an hour, all of them from one address; and faults are to be noticed soon. */
const SOCKET = {
  SOCKET_EVENTS_PER_SECOND: 10_000,
  SOCKET_EVENT_BURST: 10_000,
  SOCKET_USER_EVENTS_PER_SECOND: 10_000,
  SOCKET_USER_EVENT_BURST: 10_000,
  SOCKET_HANDSHAKES_PER_SECOND: 10_000,
  SOCKET_HANDSHAKE_BURST: 10_000,
  SOCKET_PING_INTERVAL_MS: 3_000,
  SOCKET_PING_TIMEOUT_MS: 3_000,
  SOCKET_SLOW_CLIENT_MS: 5_000,
  SOCKET_OUTBOUND_BYTES: 1_048_576,
  SOCKET_DRAIN_MS: 1_000,
};

const HERE = { host: "127.0.0.1", within: [] };

export class System {
  /**
   * @param folder for data and logs
   * @param nodes how many socket servers
   * @param redis whether they tell each other through Redis
   * @param balancer whether HAProxy stands before them
   * @param socket settings of the socket servers that differ
   * @param direct whether there is nothing of ours between the nodes and what they use
   */
  constructor(folder, { nodes, redis, balancer, socket, direct = false }) {
    Object.assign(this, { folder, count: nodes, wantsRedis: redis, wantsBalancer: balancer, socket, direct });
  }

  /** Where a part runs. */
  place() {
    return HERE;
  }

  async start() {
    const [database, redis, api, ...ports] = await freePorts(3 + 2 * this.count);
    this.postgres = new Postgres(this.folder, database, this.place("postgres"));
    await this.postgres.create();
    this.databases = await this.networks(this.postgres);
    if (this.wantsRedis) {
      this.redis = new Redis(this.folder, redis, this.place("redis"));
      await this.redis.start();
    }
    /** From each node to Redis. */
    this.carriers = this.redis ? await this.networks(this.redis) : [];
    this.nodes = this.databases.map((network, i) => this.node(i, network, ports.slice(2 * i)));
    // REST tells the first node only: to the others all that it did is news of that one, or of the database.
    this.hook = await network({ host: this.nodes[0].host, port: Number(this.nodes[0].settings.INTERNAL_PORT) });
    this.api = new Program("api", "LocalApiMain", this.folder, {
      ...this.shared(this.postgres),
      API_PORT: api,
      SOCKET_PORT: this.nodes[0].settings.SOCKET_PORT,
      INTERNAL_PORT: this.hook.port,
    });
    this.url = `http://127.0.0.1:${api}`;
    await this.nodes[0].start();
    await Promise.all([...this.nodes.slice(1), this.api].map((program) => program.start()));
    if (!this.wantsBalancer) return;
    this.balancer = new HAProxy(this.folder, this.nodes);
    await this.balancer.start();
  }

  /** One for each node. */
  networks({ host, port }) {
    const between = () => (this.direct ? { host, port, resume: () => {}, close: () => {} } : network({ host, port }));
    return Promise.all(Array.from({ length: this.count }, between));
  }

  node(i, database, [port, internal]) {
    const name = `socket-${"abcdefgh"[i]}`;
    const { host, within } = this.place(name);
    const program = new Program(name, "LocalSocketMain", this.folder, {
      ...this.shared(database),
      ...SOCKET,
      ...this.socket,
      ...(this.redis && { REDIS_URL: `redis://${at(this.carriers[i])}` }),
      SOCKET_HOST: host,
      SOCKET_PORT: port,
      INTERNAL_HOST: host,
      INTERNAL_PORT: internal,
    }, within);
    return Object.assign(program, { host, url: `http://${host}:${port}` });
  }

  shared(database) {
    return { DATABASE_URL: `postgresql://postgres@${at(database)}/postgres`, FIREBASE_PROJECT_ID: PROJECT };
  }

  /** A counter of each node's since its start, all labels together. */
  meters(name) {
    return Promise.all(this.nodes.map(async (node) => {
      const text = await (await fetch(`http://${node.host}:${node.settings.INTERNAL_PORT}/metrics`)).text();
      const values = [...text.matchAll(new RegExp(`^${name}(?:{.*})? (\\S+)$`, "gm"))].map(([, value]) => Number(value));
      return values.reduce((sum, value) => sum + value, 0);
    }));
  }

  async stop() {
    await this.balancer?.stop();
    await Promise.all([...this.nodes, this.api].map((program) => program.up && program.end("SIGTERM")));
    await this.redis?.kill();
    await this.postgres.stop();
    await Promise.all([...this.databases, ...this.carriers, this.hook].map((proxy) => proxy.close()));
  }
}

const at = ({ host = HERE.host, port }) => `${host}:${port}`;

export async function network(server) {
  const proxy = new Proxy(server);
  await proxy.listen();
  return proxy;
}

/** Where a client's connections go: to its node, and to another one where that is down, as a load balancer does. */
export class Balancer {
  /** @param from the address of ours that connections come from, where that matters */
  constructor(nodes, home, from) {
    Object.assign(this, { nodes, home, from, index: home });
  }

  get host() {
    return this.node.host;
  }

  /** The node for the next connection. */
  get port() {
    for (let tried = 1; !this.reaches(this.node) && tried < this.nodes.length; tried++) this.move();
    return Number(this.node.settings.SOCKET_PORT);
  }

  reaches(node) {
    return node.up && !(this.from && node.cutFrom === this.from);
  }

  get node() {
    return this.nodes[this.index];
  }

  move() {
    this.index = (this.index + 1) % this.nodes.length;
  }

  get isAway() {
    return this.index !== this.home;
  }
}

/** Where they go with a real load balancer: it decides on the node, whatever we would have liked. */
export class Balanced {
  constructor(balancer) {
    this.balancer = balancer;
    this.node = { name: "haproxy" };
    this.isAway = false;
  }

  get port() {
    return this.balancer.port;
  }

  move() {}
}
