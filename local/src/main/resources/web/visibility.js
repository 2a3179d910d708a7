/**
 * Whether others may see that one is online, as the server last answered. Kept in localStorage per user, for every tab and
 * after a reload; where the server never answered, nobody hides.
 */
const HIDDEN = "hidden";

export class Visibility {
  #key;
  #onChange;

  constructor(userId, onChange) {
    this.#key = `cove.presence.${userId}`;
    this.#onChange = onChange;
    addEventListener("storage", (event) => event.key === this.#key && this.#onChange());
  }

  get visible() {
    return localStorage.getItem(this.#key) !== HIDDEN;
  }

  /** The server answered. */
  put(visible) {
    if (visible) localStorage.removeItem(this.#key);
    else localStorage.setItem(this.#key, HIDDEN);
    this.#onChange();
  }
}
