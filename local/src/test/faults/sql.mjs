/** A session of PostgreSQL, for what the checker does to the database itself: the simple query protocol, and no more of it. */
import { once } from "node:events";
import { connect } from "node:net";

const PROTOCOL = 196_608;
const PATIENCE = 5_000;

export class Session {
  /** Opens a session; fails where PostgreSQL takes none. */
  static async open(port, host = "127.0.0.1", database = "postgres") {
    const session = new Session(connect(port, host));
    await once(session.socket, "connect");
    const parameters = Buffer.from(`user\0postgres\0database\0${database}\0\0`);
    session.socket.write(Buffer.concat([int32(8 + parameters.length), int32(PROTOCOL), parameters]));
    await session.ready();
    return session;
  }

  constructor(socket) {
    this.socket = socket;
    this.received = Buffer.alloc(0);
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error("PostgreSQL is silent")));
    this.heard = () => {};
    socket.on("data", (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.heard();
    });
    socket.on("close", () => this.heard());
    socket.on("error", () => {});
  }

  /** Runs statements. */
  async run(sql) {
    const text = Buffer.from(`${sql}\0`);
    this.socket.write(Buffer.concat([Buffer.from("Q"), int32(4 + text.length), text]));
    await this.ready();
  }

  /** Reads until PostgreSQL waits for the next statement. */
  async ready() {
    for (let type; type !== "Z"; ) {
      const length = this.received.length < 5 ? Infinity : 1 + this.received.readInt32BE(1);
      if (this.received.length < length) {
        if (this.socket.destroyed) throw new Error("PostgreSQL ended the session");
        await new Promise((resolve) => (this.heard = resolve));
        continue;
      }
      type = String.fromCharCode(this.received[0]);
      if (type === "E") throw new Error(`PostgreSQL: ${this.received.subarray(5, length).toString().replaceAll("\0", " ")}`);
      this.received = this.received.subarray(length);
    }
  }

  close() {
    this.socket.destroy();
  }
}

function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
