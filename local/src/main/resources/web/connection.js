/**
 * The socket: one Socket.IO connection that keeps itself alive, tells its state, and turns acknowledgements into
 * answers or errors.
 */
import { io } from "/vendor/socket.io.esm.min.js";
import { ApiError } from "./api.js";

const ACK_TIMEOUT_MS = 10_000;
/** Failed attempts after which "reconnecting" becomes "offline". */
const PATIENCE = 3;

export class Connection {
  #session;
  #socket;
  #onState;
  #closed = true;
  #failures = 0;
  #refreshTimer;
  #retryTimer;

  /**
   * @param handlers an object of `event name -> function(payload)`
   * @param onState told `connecting`, `connected`, `reconnecting`, `offline` or `closed`
   */
  constructor({ url, session, handlers, onState }) {
    this.#session = session;
    this.#onState = onState;
    this.#socket = io(url, {
      autoConnect: false,
      reconnectionDelay: 300,
      reconnectionDelayMax: 3_000,
      timeout: 10_000,
      auth: (give) => session.token().then((token) => give({ token }), () => give({})),
    });
    for (const [event, handle] of Object.entries(handlers)) this.#socket.on(event, handle);
    this.#watch();
  }

  open() {
    this.#closed = false;
    this.#onState("connecting");
    this.#socket.connect();
  }

  /** Ends the connection, until it is opened again. */
  close() {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#socket.disconnect();
    this.#onState("closed");
  }

  get connected() {
    return this.#socket.connected;
  }

  /** Sends an event; answers the acknowledgement, or throws ApiError (`unreachable` when none came). */
  async request(event, payload) {
    if (!this.connected) throw unreachable();
    let answer;
    try {
      answer = await this.#socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload);
    } catch {
      throw unreachable();
    }
    if (!answer.ok) throw new ApiError(answer.error);
    return answer;
  }

  /** Sends what nobody misses if it is lost. */
  hint(event, payload) {
    if (this.connected) this.#socket.volatile.emit(event, payload, () => {});
  }

  #watch() {
    const socket = this.#socket;
    socket.on("connect", () => {
      this.#failures = 0;
      this.#scheduleRefresh();
      this.#onState("connected");
    });
    socket.on("disconnect", (reason) => {
      clearTimeout(this.#refreshTimer);
      this.#onState(navigator.onLine ? "reconnecting" : "offline");
      // After these two Socket.IO does not try again by itself.
      if (reason === "io server disconnect" || reason === "io client disconnect") this.#connectLater(500);
    });
    socket.on("connect_error", (error) => {
      this.#failures += 1;
      this.#onState(navigator.onLine && this.#failures < PATIENCE ? "reconnecting" : "offline");
      if (!socket.active) this.#afterRefusal(error);
    });
    // The browser knows before any timeout does; Socket.IO itself ignores this on localhost.
    addEventListener("offline", () => socket.io.engine?.close());
    addEventListener("online", () => this.#failures = 0);
  }

  /** The server refused: with a fresh token it may not. */
  async #afterRefusal(error) {
    if (error.data?.code === "unauthenticated") await this.#session.freshToken().catch(() => {});
    this.#connectLater(Math.min(10_000, 1_000 * this.#failures));
  }

  #connectLater(delayMs) {
    clearTimeout(this.#retryTimer);
    if (this.#closed) return;
    this.#retryTimer = setTimeout(() => this.#socket.connect(), delayMs);
  }

  /** A connection ends with its token: a fresh one is sent in time. */
  #scheduleRefresh() {
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(async () => {
      try {
        await this.request("refresh_token", { token: await this.#session.freshToken() });
      } finally {
        if (this.connected) this.#scheduleRefresh();
      }
    }, this.#session.refreshInMs());
  }
}

function unreachable() {
  return new ApiError({ code: "unreachable", message: "Cove cannot be reached just now" });
}
