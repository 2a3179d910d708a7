/**
 * Who is signed in, in this tab, and fresh tokens for them. Kept in sessionStorage, so that two tabs can be two people
 * and a reload stays the same one.
 */

const KEY = "cove.session";
const LIFETIME_S = 3600;
/** A token is replaced this long before it ends. */
const MARGIN_S = 300;
const EMULATOR_PASSWORD = "cove-local";

/** The user id that a name stands for here: `Ada Lovelace` is `ada-lovelace`. */
export function uidOf(name) {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
}

/** The person of this tab: `?as=ada` in the address, or whoever signed in before; undefined for nobody. */
export function remembered() {
  const asked = new URLSearchParams(location.search).get("as");
  if (asked && uidOf(asked)) {
    return { id: uidOf(asked), name: asked.charAt(0).toLocaleUpperCase() + asked.slice(1) };
  }
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(person) {
  sessionStorage.setItem(KEY, JSON.stringify(person));
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

/** Signs somebody in. `token()` answers a token that is good for some minutes at least. */
export class Session {
  #mint;
  #token;
  #expiresAt = 0;

  constructor(person, config) {
    this.me = person;
    this.#mint = config.auth.kind === "emulator" ? emulatorMint(person, config.auth) : localMint(person, config);
  }

  async token() {
    if (!this.#token || this.#expiresAt - MARGIN_S < Date.now() / 1000) await this.#renew();
    return this.#token;
  }

  /** A new token, whatever the age of the last one. */
  async freshToken() {
    await this.#renew();
    return this.#token;
  }

  /** Milliseconds until the token should be replaced. */
  refreshInMs() {
    return Math.max(1_000, (this.#expiresAt - MARGIN_S) * 1000 - Date.now());
  }

  async #renew() {
    this.#token = await this.#mint();
    this.#expiresAt = JSON.parse(atob(this.#token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).exp;
  }
}

/** Unsigned tokens in the form of the Firebase Auth emulator; only the local system takes them. */
function localMint(person, config) {
  return async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: `https://securetoken.google.com/${config.projectId}`,
      aud: config.projectId,
      auth_time: now,
      sub: person.id,
      user_id: person.id,
      iat: now,
      exp: now + LIFETIME_S,
      name: person.name,
    };
    return `${base64url({ alg: "none", typ: "JWT" })}.${base64url(claims)}.`;
  };
}

function base64url(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The Firebase Auth emulator's own accounts, whose uid is the one a name stands for. */
function emulatorMint(person, auth) {
  const account = { email: `${person.id}@cove.invalid`, password: EMULATOR_PASSWORD };
  const call = async (method, body, headers = {}) => {
    const response = await fetch(`${auth.url}/identitytoolkit.googleapis.com/v1/accounts:${method}?key=local`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error?.message ?? "The Firebase Auth emulator refused");
    return answer;
  };
  return async () => {
    const signIn = () => call("signInWithPassword", { ...account, returnSecureToken: true });
    try {
      return (await signIn()).idToken;
    } catch {
      // "owner" is the emulator's administrator; only that one may choose a uid.
      await call("signUp", { ...account, localId: person.id, displayName: person.name }, { Authorization: "Bearer owner" });
      return (await signIn()).idToken;
    }
  };
}
