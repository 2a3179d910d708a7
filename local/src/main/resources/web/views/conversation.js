/** The open conversation: its head, messages, scrolling, and what it means for a message to have been seen. */
import { lastSeen, listed, nameOf, titleOf } from "../format.js";
import { byId, el, icon, reconcile, setText } from "./dom.js";
import { rows } from "./messages.js";
import { isMuted, threadAvatar } from "./threads.js";

/** This close to the end still counts as being there. */
const NEAR_PX = 80;
/** Older messages are fetched this far before the top is reached. */
const AHEAD_PX = 300;

const BANNERS = {
  connecting: "Connecting…",
  reconnecting: "Connection lost. Trying again…",
  offline: "You are offline. What you write waits here and is sent when you are back.",
};

export class ConversationView {
  #store;
  #outbox;
  #chat;
  #scroller = byId("scroller");
  #shownId;
  #unreadFrom;
  #stickToEnd = true;
  /** Where the end was when it was last scrolled to. */
  #endTop = 0;
  #seenSeq = 0;

  constructor({ store, outbox, chat, onBack }) {
    this.#store = store;
    this.#outbox = outbox;
    this.#chat = chat;
    byId("back").addEventListener("click", onBack);
    byId("mute").addEventListener("click", () => this.#toggleMute());
    byId("to-newest").addEventListener("click", () => this.#scrollToEnd());
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(this.#scroller);
    addEventListener("focus", () => this.#markRead());
    document.addEventListener("visibilitychange", () => this.#markRead());
    store.subscribe(() => this.#render());
  }

  #render() {
    const thread = this.#store.threads.get(this.#store.openThreadId);
    byId("open").hidden = !thread;
    byId("nothing-open").hidden = Boolean(thread);
    document.body.dataset.screen = thread ? "conversation" : "list";
    if (thread?.id !== this.#shownId) this.#switchTo(thread);
    if (!thread) return;
    this.#noticeScroll();
    this.#renderHead(thread);
    this.#renderBanner();
    this.#renderMessages(thread);
    this.#renderTyping(thread);
    if (this.#stickToEnd) this.#scrollToEnd();
    this.#renderNewest(thread);
    this.#markRead();
  }

  #switchTo(thread) {
    this.#shownId = thread?.id;
    this.#stickToEnd = true;
    this.#endTop = 0;
    this.#unreadFrom = undefined;
    this.#seenSeq = 0;
    if (thread && this.#store.unread(thread) > 0) {
      this.#unreadFrom = this.#store.lastReadSeq(thread, this.#store.me.id) + 1;
    }
    byId("messages").replaceChildren();
  }

  #renderHead(thread) {
    const other = this.#store.counterpart(thread);
    const online = Boolean(other) && this.#store.isOnline(other.id);
    const picture = threadAvatar(thread, this.#store, online);
    const place = byId("thread-avatar");
    if (place.innerHTML !== picture.outerHTML) place.replaceChildren(picture);
    setText(byId("thread-title"), titleOf(thread, this.#store.me.id));
    setText(byId("thread-status"), this.#status(thread, other, online));
    const muted = isMuted(thread);
    const mute = byId("mute");
    if (mute.getAttribute("aria-pressed") !== String(muted)) {
      mute.setAttribute("aria-pressed", String(muted));
      mute.title = muted ? "Unmute" : "Mute for 8 hours";
      mute.replaceChildren(icon(muted ? "bell-off" : "bell"), el("span", { class: "sr-only" }, "Mute for 8 hours"));
    }
  }

  #status(thread, other, online) {
    if (other) return online ? "online" : lastSeen(this.#store.presence.get(other.id)?.lastSeenAt);
    const others = thread.participants.filter((person) => person.id !== this.#store.me.id);
    const onlineCount = others.filter((person) => this.#store.isOnline(person.id)).length;
    const members = thread.title ? `You, ${others.map(nameOf).join(", ")}` : `${thread.participants.length} people`;
    return onlineCount ? `${members} · ${onlineCount} online` : members;
  }

  #renderBanner() {
    const text = BANNERS[this.#store.connection];
    byId("banner").hidden = !text;
    setText(byId("banner"), text ?? "");
  }

  #renderMessages(thread) {
    const conversation = this.#store.conversation(thread.id);
    const heightBefore = this.#scroller.scrollHeight;
    const firstBefore = byId("messages").dataset.firstSeq;
    const messages = conversation?.messages ?? [];
    reconcile(byId("messages"), rows({
      thread,
      messages,
      waiting: this.#outbox.of(thread.id),
      me: this.#store.me,
      readByAllSeq: this.#store.readByAllSeq(thread),
      unreadFrom: this.#unreadFrom,
      actions: { retry: (id) => this.#chat.retry(id), discard: (id) => this.#chat.discard(id) },
    }));
    setText(byId("history"), historyText(conversation));
    byId("messages").dataset.firstSeq = messages[0]?.seq ?? "";
    const olderCame = firstBefore && Number(firstBefore) > (messages[0]?.seq ?? Infinity);
    if (olderCame) this.#scroller.scrollTop += this.#scroller.scrollHeight - heightBefore;
  }

  #renderTyping(thread) {
    const names = this.#store.typists(thread).map((person) => nameOf(person).split(" ")[0]);
    byId("typing").hidden = names.length === 0;
    setText(byId("typing-text"), names.length ? `${listed(names)} ${names.length > 1 ? "are" : "is"} typing…` : "");
  }

  /** Scrolled up, one learns that something came below. */
  #renderNewest(thread) {
    const last = this.#store.conversation(thread.id)?.messages.at(-1);
    if (this.#stickToEnd) this.#seenSeq = last?.seq ?? 0;
    const unseen = Math.max(0, (last?.seq ?? 0) - this.#seenSeq);
    byId("to-newest").hidden = this.#stickToEnd;
    setText(byId("to-newest-text"), unseen ? `${unseen} new` : "Newest");
  }

  #scrolled() {
    this.#stickToEnd = this.#isNearEnd();
    const thread = this.#store.threads.get(this.#shownId);
    if (!thread) return;
    if (this.#scroller.scrollTop < AHEAD_PX) this.#chat.loadOlder(thread.id).catch(() => {}); // the next scroll asks again
    this.#renderNewest(thread);
    this.#markRead();
  }

  #isNearEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  /** The browser tells of a scroll with its next frame only: what is drawn before must not bring back who has left the end. */
  #noticeScroll() {
    if (this.#scroller.scrollTop < this.#endTop && !this.#isNearEnd()) this.#stickToEnd = false;
  }

  #resized() {
    this.#noticeScroll();
    if (this.#stickToEnd) this.#scrollToEnd();
  }

  #scrollToEnd() {
    this.#stickToEnd = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#endTop = this.#scroller.scrollTop;
  }

  /** Seen is what stands at the end of an open conversation in a window that has the focus. */
  #markRead() {
    if (!this.#shownId || !this.#stickToEnd || document.visibilityState !== "visible" || !document.hasFocus()) return;
    this.#chat.markRead(this.#shownId);
  }

  #toggleMute() {
    const thread = this.#store.threads.get(this.#shownId);
    this.#chat.setMuted(thread.id, !isMuted(thread)).catch((error) => console.warn(error.message));
  }
}

function historyText(conversation) {
  if (!conversation) return "Loading…";
  if (conversation.loading) return "Loading older messages…";
  return conversation.hasOlder ? "" : "This is the beginning of the conversation.";
}
