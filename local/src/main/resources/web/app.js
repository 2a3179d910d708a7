/** The chat page: puts its parts together. */
import { Api } from "./api.js";
import { Chat } from "./chat.js";
import { Connection } from "./connection.js";
import { nameOf } from "./format.js";
import { Outbox } from "./outbox.js";
import { Phone } from "./phone.js";
import { Session, forget, remember, remembered } from "./session.js";
import { Store } from "./store.js";
import { Composer } from "./views/composer.js";
import { ConversationView } from "./views/conversation.js";
import { byId } from "./views/dom.js";
import { NewThreadDialog } from "./views/newthread.js";
import { PhoneView } from "./views/phone.js";
import { ProfileView } from "./views/profile.js";
import { askName } from "./views/signin.js";
import { ThreadsView } from "./views/threads.js";
import { Visibility } from "./visibility.js";

const config = await (await fetch("/local/config.json")).json();
const me = remembered() ?? (await askName());
remember(me);
start(me);

function start(person) {
  const session = new Session(person, config);
  const store = new Store(person);
  const outbox = new Outbox(person.id, () => store.changed());
  const visibility = new Visibility(person.id, () => store.changed());
  const api = new Api(session);
  const chat = new Chat({
    api,
    store,
    outbox,
    visibility,
    connect: (handlers, onState) => new Connection({ url: config.socketUrl, session, handlers, onState }),
    onNews: announce,
  });

  const phone = config.phones ? new Phone({ api, store, chat }) : undefined;

  const threads = new ThreadsView({ store, outbox, onOpen: goTo, onSignOut: () => signOut(chat, phone) });
  new ConversationView({ store, outbox, chat, onBack: () => goTo(undefined) });
  const composer = new Composer({ store, chat });
  new ProfileView({ store, visibility, chat });
  new NewThreadDialog({ store, chat, onCreated: goTo });
  if (phone) {
    new PhoneView({
      phone,
      store,
      onOpenThread: (threadId) => (location.hash === hashOf(threadId) ? follow() : goTo(threadId)),
      onOpenApp: () => follow(),
    });
  }

  // The open thread stands in the address: reload and the back button do what one expects.
  const follow = ({ isFirst } = {}) => {
    const threadId = location.hash.startsWith("#/t/") ? decodeURIComponent(location.hash.slice(4)) : undefined;
    chat.open(threadId).catch(() => {}); // without an answer now, catching up opens it
    // After the views, which a change of the store redraws in a microtask of its own.
    queueMicrotask(() => (threadId ? composer.focus() : isFirst || threads.focus()));
  };
  addEventListener("hashchange", () => follow());
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open], :popover-open, .conversation[inert]")) goTo(undefined);
  });

  byId("chat").hidden = false;
  chat.start();
  follow({ isFirst: true });
}

function goTo(threadId) {
  location.hash = hashOf(threadId);
}

function hashOf(threadId) {
  return threadId ? `#/t/${encodeURIComponent(threadId)}` : "";
}

/** Says a new message to screen readers, wherever the focus is. */
function announce(message) {
  byId("announcer").textContent = `${nameOf(message.sender)}: ${message.content}`;
}

async function signOut(chat, phone) {
  byId("chat").hidden = true;
  chat.disconnect();
  await phone?.forget();
  forget();
  location.assign(location.pathname);
}
