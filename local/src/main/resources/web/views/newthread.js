/** The dialog that starts a conversation. */
import { listed, nameOf } from "../format.js";
import { avatar, byId, el } from "./dom.js";

export class NewThreadDialog {
  #store;
  #chat;
  #onCreated;
  #dialog = byId("new-thread");
  #people = byId("people");

  constructor({ store, chat, onCreated }) {
    this.#store = store;
    this.#chat = chat;
    this.#onCreated = onCreated;
    const openers = [byId("new-thread-button"), ...document.querySelectorAll("[data-new-thread]")];
    for (const opener of openers) opener.addEventListener("click", () => this.#open());
    byId("new-thread-cancel").addEventListener("click", () => this.#dialog.close());
    this.#people.addEventListener("input", () => this.#suggest());
    this.#dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  #open() {
    this.#dialog.querySelector("form").reset();
    this.#fail("");
    this.#suggest();
    this.#dialog.showModal();
    this.#people.focus();
  }

  #names() {
    return this.#people.value.split(",").map((name) => name.trim()).filter(Boolean);
  }

  /** Offers people of other threads whose name goes on from what is being written. */
  #suggest() {
    const names = this.#people.value.split(",");
    const begun = names.pop().trim().toLowerCase();
    const chosen = new Set(names.map((name) => name.trim().toLowerCase()));
    const offered = this.#store.people
      .filter((person) => !chosen.has(nameOf(person).toLowerCase()))
      .filter((person) => nameOf(person).toLowerCase().includes(begun) && nameOf(person).toLowerCase() !== begun)
      .slice(0, 6);
    byId("suggestions").replaceChildren(...offered.map((person) => this.#suggestion(person, names)));
  }

  #suggestion(person, before) {
    const button = el("button", { type: "button", class: "chip" }, avatar(person, { size: "tiny" }), nameOf(person));
    button.addEventListener("click", () => {
      this.#people.value = [...before.map((name) => name.trim()), nameOf(person)].join(", ");
      this.#suggest();
      this.#people.focus();
    });
    return el("li", {}, button);
  }

  async #submit() {
    const names = this.#names();
    if (names.length === 0) return this.#fail("Write at least one name.");
    this.#fail("");
    try {
      const threadId = await this.#chat.createThread(names, byId("group-title").value.trim());
      this.#dialog.close();
      this.#onCreated(threadId);
    } catch (error) {
      this.#fail(kindly(error));
    }
  }

  #fail(text) {
    byId("new-thread-error").textContent = text;
    this.#people.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) this.#people.focus();
  }
}

function kindly(error) {
  if (!error.unknownNames?.length) return error.message;
  const names = listed(error.unknownNames);
  return error.unknownNames.length > 1
    ? `${names} are not here yet: each has to sign in once before you can write to them.`
    : `${names} is not here yet, and has to sign in once before you can write to them.`;
}
