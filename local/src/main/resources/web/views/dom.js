/** Small tools for building the page. Text goes in as text, never as HTML. */
import { hueOf, initials, nameOf } from "../format.js";

const SVG = "http://www.w3.org/2000/svg";

/** The element of the page with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** A new element: `el("p", { class: "hint", title: "…" }, "text", child)`. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return element;
}

/** An icon of the sprite in index.html. */
export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  const use = svg.appendChild(document.createElementNS(SVG, "use"));
  use.setAttribute("href", `#icon-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  return svg;
}

/** The picture of a person: their own, or initials on their colour. */
export function avatar(person, { online, size = "" } = {}) {
  const element = el("span", { class: `avatar hue-${hueOf(person.id)} ${size}`, "aria-hidden": "true" });
  element.append(initials(nameOf(person)));
  if (person.imageUrl?.startsWith("https://")) {
    const picture = el("img", { src: person.imageUrl, alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
    picture.addEventListener("error", () => picture.remove());
    element.append(picture);
  }
  if (online) element.append(el("span", { class: "online-dot" }));
  return element;
}

/** The picture of a group: two of its people. */
export function groupAvatar(people, size = "") {
  const element = el("span", { class: `avatar-pair ${size}`, "aria-hidden": "true" });
  element.append(...people.slice(0, 2).map((person) => avatar(person, { size: "half" })));
  return element;
}

export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

/** Sets text only where it differs, so that screen readers hear changes and nothing else. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the children of `parent` those of `items`, in order. A child is kept while its key stands, and built anew when
 * its fingerprint changes, so focus and scroll position survive.
 *
 * @param items `[{key, fingerprint, build: () => Element}]`
 */
export function reconcile(parent, items) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let position = parent.firstElementChild;
  for (const item of items) {
    let child = present.get(item.key);
    present.delete(item.key);
    if (!child || child.dataset.fingerprint !== item.fingerprint) {
      const built = item.build();
      built.dataset.key = item.key;
      built.dataset.fingerprint = item.fingerprint;
      if (child) replaceKeepingFocus(child, built);
      if (child === position) position = built;
      child = built;
    }
    if (child === position) position = position.nextElementSibling;
    else parent.insertBefore(child, position);
  }
  for (const gone of present.values()) gone.remove();
}

function replaceKeepingFocus(old, built) {
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(built);
  if (hadFocus) (built.matches("button, a, input") ? built : built.querySelector("button, a, input"))?.focus();
}
