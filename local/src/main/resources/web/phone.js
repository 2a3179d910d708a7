/**
 * The phone of whoever is signed in, whose pushes the local system shows instead of sending them through Firebase. Its app is this
 * page: closed, it has no connection.
 */
const DEVICE_ID = "phone";
const LOOK_EVERY_MS = 1_000;

export class Phone {
  /** What it shows, as the local system last answered. */
  screen = { pushes: 0, unread: 0, notifications: [], events: [] };
  /** Why it does not; empty where all is well. */
  problem = "";
  #token;
  #api;
  #store;
  #chat;
  #registered = false;
  #badge = 0;
  #watching = false;
  #timer;

  constructor({ api, store, chat }) {
    this.#token = `local-phone-${store.me.id}`;
    this.#api = api;
    this.#store = store;
    this.#chat = chat;
  }

  /** Follows what comes, each second. The first time, pushes begin to come: the app gives its token to the server. */
  watch() {
    this.#watching = true;
    this.#look();
  }

  /** Looks no more; pushes come as before. */
  rest() {
    this.#watching = false;
    clearTimeout(this.#timer);
  }

  /** Signing out: what comes is for nobody here any more. */
  async forget() {
    this.rest();
    await this.#api.updateFcmToken({ fcmToken: null, deviceId: DEVICE_ID }).catch(() => {}); // it may be gone anyway
  }

  get appOpen() {
    return this.#store.connection !== "closed";
  }

  /** The connection goes with the app; the token stays, so that pushes come. */
  closeApp() {
    this.#badge = this.badge;
    this.#chat.disconnect();
  }

  openApp() {
    if (!this.appOpen) this.#chat.connect();
  }

  /** Unread messages: an app that is open knows them, else the last push said. */
  get badge() {
    return this.appOpen ? this.#store.unreadTotal : this.#badge;
  }

  async #look() {
    try {
      if (!this.#registered) await this.#api.updateFcmToken({ fcmToken: this.#token, deviceId: DEVICE_ID });
      this.#registered = true;
      this.#shows(await this.#api.phone(this.#token), "");
    } catch (error) {
      this.#shows(this.screen, error.message);
    }
    clearTimeout(this.#timer);
    if (this.#watching) this.#timer = setTimeout(() => this.#look(), LOOK_EVERY_MS);
  }

  #shows(screen, problem) {
    if (screen.pushes === this.screen.pushes && problem === this.problem) return;
    if (screen.pushes !== this.screen.pushes) this.#badge = screen.unread;
    this.screen = screen;
    this.problem = problem;
    this.#store.changed();
  }
}
