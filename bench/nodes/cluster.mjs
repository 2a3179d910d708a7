/** PostgreSQL, Redis and socket servers, each a process of its own, and the people of the benchmark. */
import { Postgres } from "../../local/src/test/faults/postgres.mjs";
import { freePorts, launch, pause, Program } from "../../local/src/test/faults/program.mjs";
import { Session } from "../../local/src/test/faults/sql.mjs";
import { tokensOf } from "../../local/src/test/clients/tokens.mjs";
import { Client } from "./client.mjs";
import { RedisMeter } from "./meters.mjs";

const PROJECT = "cove-bench";
/** Everybody comes from one address, and senders send more than people do. No heartbeats in between. */
const SOCKET = {
  FIREBASE_PROJECT_ID: PROJECT,
  SOCKET_EVENTS_PER_SECOND: 100_000,
  SOCKET_EVENT_BURST: 100_000,
  SOCKET_USER_EVENTS_PER_SECOND: 100_000,
  SOCKET_USER_EVENT_BURST: 100_000,
  SOCKET_HANDSHAKES_PER_SECOND: 100_000,
  SOCKET_HANDSHAKE_BURST: 100_000,
  SOCKET_PING_INTERVAL_MS: 900_000,
};
const PATIENCE_MS = 60_000;
const QUIET_MS = 1_000;
const CONNECTING_AT_ONCE = 20;

export class Cluster {
  /** @param jvm options of the socket servers' JVMs */
  constructor(folder, jvm) {
    Object.assign(this, { folder, jvm, nodes: [], settings: {} });
  }

  /** @param sql what is to be in the database before anybody connects */
  async start(count, sql) {
    const [database, redis, ...ports] = await freePorts(2 + 2 * count);
    this.postgres = new Postgres(this.folder, database);
    await this.postgres.create();
    await this.startRedis(redis);
    for (let i = 0; i < count; i += 1) {
      const node = new Program(`node-${i}`, "LocalSocketMain", this.folder, {
        ...SOCKET,
        ...this.settings,
        DATABASE_URL: `postgresql://postgres@127.0.0.1:${database}/postgres`,
        REDIS_URL: `redis://127.0.0.1:${redis}`,
        SOCKET_PORT: ports[2 * i],
        INTERNAL_PORT: ports[2 * i + 1],
      });
      node.settings.JDK_JAVA_OPTIONS = this.jvm;
      this.nodes.push(node);
    }
    // The first one makes the schema.
    await this.nodes[0].start();
    const session = await Session.open(database);
    await session.run(sql);
    session.close();
    // One after the other: all at once they would keep each other from starting.
    for (const node of this.nodes.slice(1)) await node.start();
  }

  async startRedis(port) {
    const settings = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", this.folder];
    this.redis = launch("redis-server", settings.map(String), { log: `${this.folder}/redis.out` });
    for (const deadline = Date.now() + PATIENCE_MS; !this.meter; ) {
      try {
        this.meter = await RedisMeter.open(port);
      } catch (failure) {
        if (Date.now() > deadline) throw failure;
        await pause(50);
      }
    }
  }

  /** Connects these users, each to the node that `placed` says; ends when they have been told who else is there. */
  async connect(users, placed, heard) {
    const clients = await this.arrive(users, placed, heard, CONNECTING_AT_ONCE);
    await this.quiet(clients);
    return clients;
  }

  /** Connects these users, so many at a time. */
  async arrive(users, placed, heard, atOnce) {
    const tokenOf = tokensOf(PROJECT);
    const clients = users.map((uid, i) => {
      const port = Number(this.nodes[placed(i)].settings.SOCKET_PORT);
      return new Client({ port, token: tokenOf(uid, { lifetime: 7_200 }), heard });
    });
    for (let i = 0; i < clients.length; i += atOnce) {
      await Promise.all(clients.slice(i, i + atOnce).map((client) => client.open()));
    }
    return clients;
  }

  async quiet(clients, silence = QUIET_MS) {
    const packets = () => clients.reduce((sum, client) => sum + client.packets, 0);
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
      const before = packets();
      await pause(silence);
      if (packets() === before) return;
    }
    throw new Error("the clients are told things without end");
  }

  async stop() {
    this.meter.close();
    await Promise.all(this.nodes.map((node) => node.end("SIGTERM")));
    this.redis.kill("SIGTERM");
    await Promise.all([this.redis.ended, this.postgres.stop()]);
  }
}
