/**
 * What an app does with the system: signs in with a token, calls REST with fetch, and talks over socket.io-client. Waits
 * for what it expects, and fails after PATIENCE.
 */
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const PATIENCE = 10_000;

export const url = required("COVE_URL");
const { socketUrl, projectId } = await (await fetch(`${url}/local/config.json`)).json();

function required(variable) {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set`);
  return value;
}

/** An unsigned token as the Firebase Auth emulator makes them. */
export function token(uid, { name = uid, lifetime = 3600, claims = {} } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const payload = {
    aud: projectId,
    iss: `https://securetoken.google.com/${projectId}`,
    sub: uid,
    name,
    iat: now,
    auth_time: now,
    exp: now + lifetime,
    ...claims,
  };
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(payload)}.`;
}

/** A uid nobody had before: tests do not see each other's conversations. */
export const newUser = (name) => `${name}-${randomUUID()}`;

export class App {
  constructor(uid) {
    this.uid = uid;
    this.events = [];
    this.waiting = [];
  }

  /** Calls REST; answers status and body. */
  async rest(method, path, body) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token(this.uid)}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, type: response.headers.get("content-type"), body: await response.json() };
  }

  /** Opens a socket that keeps every event it gets, in order. */
  open(options = {}) {
    this.socket = io(socketUrl, { forceNew: true, auth: { token: token(this.uid) }, ...options });
    for (const event of ["connect", "disconnect", "connect_error"]) {
      this.socket.on(event, (payload) => this.got(event, payload));
    }
    this.socket.onAny((event, payload) => this.got(event, payload));
    return this;
  }

  /** Opens a socket and waits until it is connected. */
  async connect(options = {}) {
    this.open(options);
    await this.event("connect");
    return this;
  }

  got(event, payload) {
    this.events.push({ event, payload });
    this.waiting.splice(0).forEach((look) => look());
  }

  /** The next event of this name for which the condition holds; those before it are dropped. */
  event(name, condition = () => true) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no ${name} for ${this.uid}; got ${JSON.stringify(this.events)}`));
      }, PATIENCE);
      const look = () => {
        const at = this.events.findIndex(({ event, payload }) => event === name && condition(payload));
        if (at < 0) {
          this.waiting.push(look);
        } else {
          clearTimeout(timer);
          resolve(this.events.splice(0, at + 1).at(-1).payload);
        }
      };
      look();
    });
  }

  /** Sends an event and waits for its acknowledgement. */
  emit(event, ...payload) {
    return this.socket.timeout(PATIENCE).emitWithAck(event, ...payload);
  }

  close() {
    this.socket?.disconnect();
  }
}
