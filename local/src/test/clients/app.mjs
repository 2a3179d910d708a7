/**
 * What an app does with the system: signs in with a token, calls REST with fetch, and talks over socket.io-client. Waits
 * for what it expects, and fails after PATIENCE.
 */
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";
import { tokensOf } from "./tokens.mjs";

export const PATIENCE = 10_000;

export const url = required("COVE_URL");
const { socketUrl, projectId } = await (await fetch(`${url}/local/config.json`)).json();

function required(variable) {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set`);
  return value;
}

/** An unsigned token of this system's project. */
export const token = tokensOf(projectId);

/** The first event of this name that an emitter has from now on. */
export const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

/** What is promised, unless it takes too long. */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A uid nobody had before: tests do not see each other's conversations. */
export const newUser = (name) => `${name}-${randomUUID()}`;

export class App {
  /**
   * @param uid who uses the app
   * @param library the version of socket.io-client it was built with
   * @param server where its socket goes: the system's own server, or one of servers.mjs, or a proxy
   * @param name what the tokens call the user
   */
  constructor(uid, { library = io, server = { url: socketUrl }, name = uid } = {}) {
    this.uid = uid;
    this.name = name;
    this.library = library;
    this.server = server;
    this.events = [];
    this.waiting = [];
  }

  /** A fresh token. */
  get token() {
    return token(this.uid, { name: this.name });
  }

  /** Calls REST; answers status and body. */
  async rest(method, path, body) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, type: response.headers.get("content-type"), body: await response.json() };
  }

  /** Opens a socket that keeps every event it gets, in order. */
  open(options = {}) {
    this.socket = this.library(this.server.url, { forceNew: true, auth: { token: this.token }, ...options });
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
  event(name, condition = () => true, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no ${name} for ${this.uid}; got ${JSON.stringify(this.events)}`));
      }, patience);
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

  /** Waits until the connection has upgraded to a websocket. */
  async upgraded(patience = PATIENCE) {
    const { engine } = this.socket.io;
    if (engine.transport.name !== "websocket") await within(patience, `upgrade of ${this.uid}`, once(engine, "upgrade"));
  }

  /** Sends an event and waits for its acknowledgement. */
  emit(event, ...payload) {
    const acknowledged = new Promise((resolve) => this.socket.emit(event, ...payload, resolve));
    return within(PATIENCE, `acknowledgement of ${event} for ${this.uid}`, acknowledged);
  }

  /** Makes a conversation with these people, over REST. */
  async thread(others, title) {
    const { status, body } = await this.rest("POST", "/create-thread", { participantIds: others.map(({ uid }) => uid), title });
    if (status > 201) throw new Error(`create-thread: ${status} ${JSON.stringify(body)}`);
    return body.thread;
  }

  close() {
    this.socket?.disconnect();
  }
}
