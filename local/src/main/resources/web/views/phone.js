/** The panel with the phone: its lock screen, the switch that closes its app, and what came. */
import { clockFace, fullTime, longDay, preciseTime, time } from "../format.js";
import { byId, el, icon, reconcile, setAttributes, setText } from "./dom.js";

const CLOCK_EVERY_MS = 1_000;
const HAPPENED = { came: "came", replaced: "was replaced", withdrawn: "was withdrawn" };

export class PhoneView {
  #phone;
  #onOpenThread;
  #onOpenApp;
  #panel = byId("phone");
  #button = byId("phone-button");
  #appOpen = byId("app-open");
  #list = byId("notifications");
  #clock;

  /**
   * @param onOpenThread told of the thread whose notification was tapped
   * @param onOpenApp told when the app was opened without one
   */
  constructor({ phone, store, onOpenThread, onOpenApp }) {
    this.#phone = phone;
    this.#onOpenThread = onOpenThread;
    this.#onOpenApp = onOpenApp;
    this.#button.hidden = false;
    this.#button.addEventListener("click", () => (this.#panel.hidden ? this.#show() : this.#hide()));
    byId("phone-close").addEventListener("click", () => this.#hide());
    byId("show-phone").addEventListener("click", () => this.#show());
    byId("open-app").addEventListener("click", () => this.#open());
    byId("phone-app").addEventListener("click", () => this.#open());
    this.#appOpen.addEventListener("change", () => (this.#appOpen.checked ? phone.openApp() : phone.closeApp()));
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // else the conversation closes, too
      this.#hide();
    });
    store.subscribe(() => this.#render());
  }

  #show() {
    this.#list.replaceChildren();
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.#phone.watch();
    this.#tick();
    this.#clock = setInterval(() => this.#tick(), CLOCK_EVERY_MS);
    this.#render();
    byId("phone-close").focus();
  }

  #hide() {
    this.#phone.rest();
    clearInterval(this.#clock);
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    this.#render();
    (this.#phone.appOpen ? this.#button : byId("show-phone")).focus();
  }

  #open() {
    this.#phone.openApp();
    this.#render(); // what is to have the focus must not be inert
    this.#onOpenApp();
  }

  #tap(threadId) {
    this.#phone.openApp();
    this.#render();
    if (getComputedStyle(this.#panel).position === "fixed") this.#hide(); // where the phone covers what it opens
    this.#onOpenThread(threadId);
  }

  #tick() {
    const now = new Date().toISOString();
    setText(byId("phone-time"), clockFace(now));
    setText(byId("phone-day"), longDay(now));
  }

  #render() {
    const { appOpen, badge, problem, screen } = this.#phone;
    byId("app-closed").hidden = appOpen;
    for (const part of document.querySelectorAll(".sidebar, .conversation")) part.inert = !appOpen;
    byId("show-phone").hidden = !this.#panel.hidden;
    if (this.#panel.hidden) return;
    this.#appOpen.checked = appOpen;
    setText(byId("phone-error"), problem);
    setText(byId("phone-badge"), badge > 99 ? "99+" : String(badge));
    byId("phone-badge").hidden = badge === 0;
    setAttributes(byId("phone-app"), { "aria-label": badge ? `Open Cove, ${badge} unread` : "Open Cove" });
    byId("no-notifications").hidden = screen.notifications.length > 0;
    this.#renderCards(screen.notifications);
    byId("phone-log").replaceChildren(...screen.events.map(logLine));
    byId("phone-log-empty").hidden = screen.events.length > 0;
  }

  #renderCards(notifications) {
    const present = new Set([...this.#list.children].filter((card) => !card.inert).map((card) => card.dataset.key));
    const cards = notifications.map((notification) => ({
      key: notification.threadId,
      fingerprint: JSON.stringify(notification),
      build: () => this.#card(notification, present.has(notification.threadId) ? "replaced" : "came"),
    }));
    const staying = new Set(cards.map(({ key }) => key));
    [...this.#list.children].forEach((card, i) => {
      if (!staying.has(card.dataset.key)) cards.splice(i, 0, leaving(card));
    });
    reconcile(this.#list, cards);
  }

  #card({ threadId, title, body, at }, what) {
    const button = el("button", { type: "button", class: "notification-card" },
      icon("cove"),
      el("span", { class: "notification-text" },
        el("span", { class: "notification-head" },
          el("span", { class: "notification-title", dir: "auto" }, title),
          el("time", { datetime: at, title: fullTime(at) }, time(at))),
        el("span", { class: "notification-body", dir: "auto" }, body)));
    button.addEventListener("click", () => this.#tap(threadId));
    return el("li", { class: `notification ${what}` }, button);
  }
}

/** A card that was withdrawn stays until it has been seen to go. */
function leaving(card) {
  if (!card.inert) {
    card.inert = true;
    card.className = "notification withdrawn";
    card.addEventListener("animationend", () => card.remove());
  }
  return { key: card.dataset.key, fingerprint: card.dataset.fingerprint };
}

function logLine({ what, title, at }) {
  return el("li", {}, el("time", { datetime: at }, preciseTime(at)), el("span", {}, el("b", {}, title), ` ${HAPPENED[what]}`));
}
