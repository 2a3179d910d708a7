/** Where one writes: the draft of the open thread, kept per thread while one looks elsewhere. */
import { codePoints } from "../format.js";
import { byId, setText } from "./dom.js";

const MAX_CODE_POINTS = 4_000;
/** From here on the remaining characters are shown. */
const SHOW_FROM = 3_800;

export class Composer {
  #store;
  #chat;
  #field = byId("draft");
  #drafts = new Map();
  #threadId;

  constructor({ store, chat }) {
    this.#store = store;
    this.#chat = chat;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#changed());
    this.#field.addEventListener("blur", () => chat.stopTyping());
    store.subscribe(() => this.#follow());
    this.#fit();
  }

  focus() {
    this.#field.focus();
  }

  /** Swaps drafts when another thread is opened. */
  #follow() {
    if (this.#threadId === this.#store.openThreadId) return;
    if (this.#threadId) this.#drafts.set(this.#threadId, this.#field.value);
    this.#threadId = this.#store.openThreadId;
    this.#field.value = this.#drafts.get(this.#threadId) ?? "";
    this.#fit();
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    }
  }

  #changed() {
    this.#fit();
    if (this.#text()) this.#chat.startTyping(this.#threadId);
    else this.#chat.stopTyping();
  }

  #send() {
    const text = this.#text();
    if (!text || codePoints(text) > MAX_CODE_POINTS) return;
    this.#field.value = "";
    this.#fit();
    this.#chat.send(this.#threadId, text);
  }

  /** What would be sent: as written, without blank ends; NUL and half characters cannot be. */
  #text() {
    return this.#field.value.replaceAll("\0", "").toWellFormed().trim();
  }

  #fit() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
    const length = codePoints(this.#text());
    setText(byId("remaining"), length > SHOW_FROM ? String(MAX_CODE_POINTS - length) : "");
    byId("remaining").classList.toggle("over", length > MAX_CODE_POINTS);
    byId("send").disabled = length === 0 || length > MAX_CODE_POINTS;
  }
}
