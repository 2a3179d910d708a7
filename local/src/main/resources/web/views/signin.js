/** The first screen: who are you? */
import { uidOf } from "../session.js";
import { byId } from "./dom.js";

/** Asks for a name until there is one; answers the person. */
export function askName() {
  const screen = byId("sign-in");
  const form = screen.querySelector("form");
  const field = byId("sign-in-name");
  screen.hidden = false;
  field.focus();
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = field.value.trim().replace(/\s+/g, " ");
      const id = uidOf(name);
      if (!id) {
        byId("sign-in-error").textContent = "A name needs at least one letter or digit.";
        return;
      }
      screen.hidden = true;
      resolve({ id, name });
    });
  });
}
