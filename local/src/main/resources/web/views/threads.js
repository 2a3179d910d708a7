/** The list of conversations, with its head: who I am and how the connection is. */
import { nameOf, shortTime, titleOf } from "../format.js";
import { avatar, byId, el, groupAvatar, icon, reconcile, setText } from "./dom.js";

const CONNECTION = {
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Reconnecting…",
  offline: "Offline",
  closed: "Closed",
};

export class ThreadsView {
  #store;
  #outbox;
  #onOpen;
  #list = byId("threads");

  constructor({ store, outbox, onOpen, onSignOut }) {
    this.#store = store;
    this.#outbox = outbox;
    this.#onOpen = onOpen;
    byId("my-name").textContent = store.me.name;
    byId("sign-out").addEventListener("click", onSignOut);
    this.#list.addEventListener("keydown", (event) => this.#moveFocus(event));
    store.subscribe(() => this.#render());
    setInterval(() => this.#render(), 60_000); // "14:05" becomes "Yesterday"
    this.#render();
  }

  focus() {
    (this.#list.querySelector("[aria-current]") ?? this.#list.querySelector("button") ?? byId("new-thread-button")).focus();
  }

  #render() {
    const threads = this.#store.sortedThreads;
    reconcile(this.#list, threads.map((thread) => this.#item(thread)));
    this.#keepOneTabStop();
    byId("no-threads").hidden = threads.length > 0 || !this.#store.loaded;
    const connection = byId("connection");
    connection.dataset.state = this.#store.connection;
    setText(connection, CONNECTION[this.#store.connection]);
    const unread = this.#store.unreadTotal;
    document.title = unread ? `(${unread}) Cove` : "Cove";
  }

  #item(thread) {
    const store = this.#store;
    const state = {
      thread,
      open: store.openThreadId === thread.id,
      unread: store.unread(thread),
      online: this.#isOnline(thread),
      typing: store.typists(thread).map((person) => nameOf(person).split(" ")[0]),
      waiting: this.#outbox.of(thread.id).at(-1),
      when: shortTime(thread.updatedAt),
      muted: isMuted(thread),
    };
    return { key: thread.id, fingerprint: JSON.stringify(state), build: () => this.#build(state) };
  }

  #isOnline(thread) {
    const other = this.#store.counterpart(thread);
    return other !== undefined && this.#store.isOnline(other.id);
  }

  #build({ thread, open, unread, online, typing, waiting, when, muted }) {
    const title = titleOf(thread, this.#store.me.id);
    const button = el("button", { class: "thread", type: "button", "aria-current": open && "true", tabindex: "-1" },
      threadAvatar(thread, this.#store, online),
      el("span", { class: "thread-text" },
        el("span", { class: "thread-line" },
          el("span", { class: "thread-title" }, title),
          muted && icon("bell-off", "muted"),
          el("span", { class: "thread-time" }, when)),
        el("span", { class: "thread-line" },
          this.#preview(thread, typing, waiting),
          unread > 0 && el("span", { class: "badge" }, unread > 99 ? "99+" : String(unread), srOnly(" unread")))),
      online && srOnly(", online"));
    button.addEventListener("click", () => this.#onOpen(thread.id));
    return el("li", {}, button);
  }

  #preview(thread, typing, waiting) {
    if (typing.length) return el("span", { class: "thread-preview is-typing" }, "typing…");
    if (waiting) return el("span", { class: "thread-preview" }, icon("clock", "Waiting"), waiting.content);
    const last = thread.lastMessage;
    if (!last) return el("span", { class: "thread-preview is-new" }, "Say hello");
    const mine = last.senderId === this.#store.me.id;
    const who = mine ? "You: " : thread.kind === "group" ? `${nameOf(last.sender).split(" ")[0]}: ` : "";
    return el("span", { class: "thread-preview" }, who + last.content);
  }

  /** The list is one stop of the Tab key; arrows move within it. */
  #keepOneTabStop() {
    const buttons = [...this.#list.querySelectorAll("button")];
    const stop = buttons.find((button) => button === document.activeElement)
      ?? buttons.find((button) => button.hasAttribute("aria-current")) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  #moveFocus(event) {
    const buttons = [...this.#list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[to].focus();
    this.#keepOneTabStop();
  }
}

/** The picture that stands for a thread. */
export function threadAvatar(thread, store, online, size) {
  const others = thread.participants.filter((person) => person.id !== store.me.id);
  return others.length > 1 ? groupAvatar(others, size) : avatar(others[0] ?? store.me, { online, size });
}

export function isMuted(thread) {
  return Boolean(thread.mutedUntil) && Date.parse(thread.mutedUntil) > Date.now();
}

function srOnly(text) {
  return el("span", { class: "sr-only" }, text);
}
