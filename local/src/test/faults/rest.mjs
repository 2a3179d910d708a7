/** REST as an app calls it: an answer, or the reason why there is none. */
const PATIENCE = 8_000;

export class Rest {
  constructor(url, tokenOf) {
    this.url = url;
    this.tokenOf = tokenOf;
  }

  /** @returns {{status, body}}; status 0 where no answer came, and nobody knows what was done */
  async call(uid, method, path, body) {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.tokenOf(uid)}`, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      });
      return { status: response.status, body: await response.json() };
    } catch (failure) {
      return { status: 0, body: { code: "no_answer", detail: String(failure) } };
    }
  }

  get(uid, path, query = {}) {
    return this.call(uid, "GET", `${path}?${new URLSearchParams(query)}`);
  }
}
