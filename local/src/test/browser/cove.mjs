/**
 * What the browser tests have in common: people with a browser each, and the conditions they wait for. Nothing here
 * sleeps; every wait is for something to be seen, and fails after PATIENCE.
 */
import { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";

const PATIENCE = 15_000;
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** The page's address, and where the browser is: given by whoever runs these tests. */
export const url = required("COVE_URL");
export const internalUrl = required("COVE_INTERNAL_URL");
const executablePath = required("COVE_CHROMIUM");

let browser;
let people = 0;

before(async () => {
  browser = await chromium.launch({ executablePath, args: FLAGS });
});

after(() => browser?.close());

/** Waits for what no page shows. */
export async function until(condition) {
  for (const deadline = Date.now() + PATIENCE; !(await condition()); await pause(50)) {
    if (Date.now() > deadline) throw new Error(`Still not so after ${PATIENCE} ms: ${condition}`);
  }
}

/** A name nobody had before, in this run: tests do not see each other's conversations. */
export function newName(name) {
  people += 1;
  return `${name} ${people}`;
}

/**
 * Somebody at a browser of their own, signed in and connected.
 * @returns a Person; its context closes after the test
 */
export async function person(t, name, options = {}) {
  const someone = new Person(await newContext(t, options), name);
  await someone.openPage();
  return someone;
}

/** What a browser keeps of somebody; closes after the test. */
export async function newContext(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 720 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  t.after(() => context.close());
  return context;
}

/** Two people in a conversation of their own, both looking at it. */
export async function twoInConversation(t, options = {}) {
  const ada = await person(t, newName("Ada"), options);
  const grace = await person(t, newName("Grace"), options);
  await ada.startConversation([grace.name]);
  await grace.openConversation(ada.name);
  return [ada, grace];
}

export class Person {
  constructor(context, name) {
    this.context = context;
    this.name = name;
    this.faults = [];
  }

  get id() {
    return this.name.toLowerCase().replaceAll(" ", "-");
  }

  /** Opens the page in a new window, as this person. */
  async openPage() {
    this.page = await this.context.newPage();
    this.page.on("pageerror", (error) => this.faults.push(error.message));
    await this.page.goto(`${url}/?as=${encodeURIComponent(this.name)}`);
    await this.isConnection("connected");
  }

  isConnection(state) {
    return this.page.locator(`#connection[data-state="${state}"]`).waitFor({ state: "attached" });
  }

  async startConversation(names, title) {
    await this.page.click("#new-thread-button");
    await this.page.fill("#people", names.join(", "));
    if (title) await this.page.fill("#group-title", title);
    await this.page.locator("#new-thread").getByRole("button", { name: "Start" }).click();
    await this.page.locator("#thread-title", { hasText: title ?? names[0] }).waitFor();
  }

  async openConversation(title) {
    await this.inList(title).click();
    await this.page.locator("#thread-title", { hasText: title }).waitFor();
  }

  /** A conversation in the list. */
  inList(title) {
    return this.page.locator(".thread", { has: this.page.locator(".thread-title", { hasText: title }) });
  }

  /** Uses the switch of the profile, and waits for the server's answer. */
  async show(visible) {
    await this.page.click("#profile-button");
    await this.visible.setChecked(visible);
    await this.page.locator("#visible:not([aria-busy])").waitFor();
    await this.page.keyboard.press("Escape");
  }

  /** The switch that says whether others see one online. */
  get visible() {
    return this.page.getByRole("switch", { name: "Show when I am online" });
  }

  /** Takes up the phone, and waits until pushes come to it. */
  async openPhone() {
    const registered = this.page.waitForResponse((response) => response.url().includes("/local/phones.json") && response.ok());
    await this.page.click("#phone-button");
    await registered;
  }

  closeApp() {
    return this.page.getByRole("switch", { name: "App open" }).setChecked(false).then(() => this.isConnection("closed"));
  }

  /** The notification on the phone that says this. */
  notification(text) {
    return this.page.locator(".notification-card", { hasText: text });
  }

  /** What happened on the phone, the last first. */
  async happened() {
    const lines = await this.page.locator("#phone-log li").all();
    return Promise.all(lines.map(async (line) => (await line.textContent()).match(/(came|was \w+)$/)[0]));
  }

  async say(text) {
    await this.page.fill("#draft", text);
    await this.page.press("#draft", "Enter");
  }

  /** The rows whose whole text is this. */
  messages(text) {
    return this.page.locator(".message", { has: this.page.locator(".content").getByText(text, { exact: true }) });
  }

  /** Waits until the message is shown; where a state is given, until it has that one. */
  async sees(text, state) {
    const message = this.messages(text);
    await message.first().waitFor();
    if (state) await message.and(this.page.locator(`[data-state="${state}"]`)).waitFor();
  }

  /** The id of the open thread. */
  threadId() {
    return decodeURIComponent(new URL(this.page.url()).hash.slice("#/t/".length));
  }

  /** A call of the REST side, as an app would make it. */
  async rest(method, path, body) {
    const response = await fetch(url + path, {
      method,
      headers: { Authorization: `Bearer ${token(this.id, this.name)}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

function token(id, name) {
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://securetoken.google.com/cove-local", aud: "cove-local", sub: id, name, iat: now, exp: now + 600 };
  return `${encoded({ alg: "none", typ: "JWT" })}.${encoded(claims)}.`;
}

function required(variable) {
  if (!process.env[variable]) throw new Error(`${variable} is not set; these tests are run by BrowserTest.java`);
  return process.env[variable];
}
