/** The menu behind one's own picture: what others may see of one. */
import { avatar, byId, setAttributes, setText } from "./dom.js";

export class ProfileView {
  #visibility;
  #chat;
  #switch = byId("visible");
  /** What was asked for and not answered yet. */
  #asked;

  constructor({ store, visibility, chat }) {
    this.#visibility = visibility;
    this.#chat = chat;
    byId("profile-button").prepend(avatar(store.me));
    this.#switch.addEventListener("change", () => this.#ask(this.#switch.checked));
    byId("profile").addEventListener("toggle", () => setText(byId("visible-error"), ""));
    store.subscribe(() => this.#render());
    this.#render();
  }

  #render() {
    this.#switch.checked = this.#asked ?? this.#visibility.visible;
    setAttributes(this.#switch, { "aria-busy": this.#asked !== undefined && "true" });
  }

  async #ask(visible) {
    this.#asked = visible;
    setText(byId("visible-error"), "");
    this.#render();
    try {
      await this.#chat.setVisible(visible);
    } catch (error) {
      setText(byId("visible-error"), error.message);
    } finally {
      if (this.#asked === visible) this.#asked = undefined;
      this.#render();
    }
  }
}
