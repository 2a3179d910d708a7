/**
 * The system under test: PostgreSQL, two socket servers and the REST side, each a process of its own, with networks of
 * ours between them.
 */
import { Proxy } from "../clients/proxy.mjs";
import { Postgres } from "./postgres.mjs";
import { freePorts, Program } from "./program.mjs";

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

export class System {
  /**
   * @param folder for data and logs
   * @param socket settings of the socket servers that differ
   */
  constructor(folder, { socket }) {
    this.folder = folder;
    this.socket = socket;
  }

  async start() {
    const [database, api, ...ports] = await freePorts(6);
    this.postgres = new Postgres(this.folder, database);
    await this.postgres.create();
    this.databases = await Promise.all([0, 1, 2].map(() => network({ port: database })));
    this.nodes = ["a", "b"].map((name, i) => new Program(`socket-${name}`, "LocalSocketMain", this.folder, {
      ...this.shared(this.databases[i]),
      ...SOCKET,
      ...this.socket,
      SOCKET_PORT: ports[2 * i],
      INTERNAL_PORT: ports[2 * i + 1],
    }));
    // REST tells the first node only: to the other one all that it did is news of the database.
    this.hook = await network({ port: Number(this.nodes[0].settings.INTERNAL_PORT) });
    this.api = new Program("api", "LocalApiMain", this.folder, {
      ...this.shared(this.databases[2]),
      API_PORT: api,
      SOCKET_PORT: this.nodes[0].settings.SOCKET_PORT,
      INTERNAL_PORT: this.hook.port,
    });
    this.url = `http://127.0.0.1:${api}`;
    await this.nodes[0].start();
    await Promise.all([this.nodes[1].start(), this.api.start()]);
  }

  shared(database) {
    return { DATABASE_URL: `postgresql://postgres@127.0.0.1:${database.port}/postgres`, FIREBASE_PROJECT_ID: PROJECT };
  }

  async stop() {
    await Promise.all([...this.nodes, this.api].map((program) => program.up && program.end("SIGTERM")));
    await this.postgres.stop();
    await Promise.all([...this.databases, this.hook].map((proxy) => proxy.close()));
  }
}

export async function network(server) {
  const proxy = new Proxy(server);
  await proxy.listen();
  return proxy;
}

/** Where a client's connections go: to its node, and to the other one where that is down, as a load balancer does. */
export class Balancer {
  constructor(nodes, home) {
    this.nodes = nodes;
    this.home = home;
    this.index = home;
  }

  /** The node for the next connection. */
  get port() {
    if (!this.nodes[this.index].up) this.move();
    return Number(this.nodes[this.index].settings.SOCKET_PORT);
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
