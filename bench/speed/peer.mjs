/** The peer of bench/peer-node in a process of its own: Socket.IO and HTTP at one port. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "../../local/src/test/faults/program.mjs";
import { Session } from "../../local/src/test/faults/sql.mjs";
import { PROJECT } from "../google.mjs";
import { prismaModules, quietly } from "../made.mjs";

const SOURCE = fileURLToPath(new URL("../peer-node", import.meta.url));
const CODE = ["server.js", "sockets.js", "rest.js", "chat.js", "people.js", "auth.js", "views.js", "cursor.js", "refusal.js", "store-pg.js", "store-prisma.js"];
const PATIENCE_MS = 60_000;

export const PEER_DATABASE = "peer";

/** Puts the peer and all it needs into a folder. */
export function preparePeer(folder) {
  // bufferutil brings what it would compile.
  prismaModules(folder, SOURCE, ["--ignore-scripts"]);
  quietly("cp", [...CODE.map((name) => `${SOURCE}/${name}`), folder]);
}

/** Its tables, in a database of their own. */
export async function createPeerDatabase(databasePort) {
  const session = await Session.open(databasePort);
  await session.run(`CREATE DATABASE ${PEER_DATABASE}`);
  session.close();
  const peer = await Session.open(databasePort, "127.0.0.1", PEER_DATABASE);
  await peer.run(readFileSync(`${SOURCE}/schema.sql`, "utf8"));
  peer.close();
}

export class Peer {
  /**
   * @param store pg or prisma
   * @param home what preparePeer made
   * @param google what startGoogle answers
   * @param within what its command begins with, such as taskset
   */
  constructor({ store, home, folder, port, databasePort, google, within = [], settings = {} }) {
    Object.assign(this, { store, home, port, google, within });
    this.log = `${folder}/peer-${store}.out`;
    this.settings = {
      NODE_ENV: "production",
      PORT: String(port),
      STORE: store,
      DATABASE_URL: `postgresql://postgres@127.0.0.1:${databasePort}/${PEER_DATABASE}`,
      FIREBASE_PROJECT_ID: PROJECT,
      ...settings,
    };
  }

  /** Starts it and waits until it listens. */
  async start() {
    const [command, ...parameters] = [...this.within, process.execPath, `${this.home}/server.js`];
    let timer;
    await new Promise((resolve, reject) => {
      let said = "";
      timer = setTimeout(() => reject(new Error(`the peer with ${this.store} does not start, see ${this.log}`)), PATIENCE_MS);
      this.child = launch(command, parameters, {
        log: this.log,
        environment: { ...this.google.node, ...this.settings },
        heard: (text) => /listening on/.test((said += text)) && resolve(),
      });
      this.child.ended.then((code) => reject(new Error(`the peer with ${this.store} ended with ${code}, see ${this.log}`)));
    }).finally(() => clearTimeout(timer));
  }

  async end(signal = "SIGTERM") {
    this.child.kill(signal);
    await this.child.ended;
  }
}
