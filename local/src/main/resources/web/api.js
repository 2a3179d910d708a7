/** The REST side: fetch with a bearer token, JSON in and out, problem documents as errors. */

/** An error of the contract, from either side. */
export class ApiError extends Error {
  constructor({ code, message, detail, title, retryAfterMs, errors }) {
    super(message ?? detail ?? title ?? "Something went wrong");
    this.code = code ?? "internal";
    this.retryAfterMs = retryAfterMs;
    this.errors = errors ?? [];
  }

  get retryable() {
    return ["rate_limited", "unavailable", "internal", "unreachable", "unauthenticated"].includes(this.code);
  }
}

export class Api {
  #session;

  constructor(session) {
    this.#session = session;
  }

  threads({ limit = 100, page } = {}) {
    return this.#call("GET", "/threads", { limit, page });
  }

  messages({ threadId, before, after, limit = 50 }) {
    return this.#call("GET", "/thread-messages", { threadId, before, after, limit });
  }

  createThread({ participantIds, title }) {
    return this.#call("POST", "/create-thread", {}, { participantIds, title });
  }

  muteThread({ threadId, until }) {
    return this.#call("POST", "/mute-thread", {}, { threadId, until });
  }

  updateFcmToken({ fcmToken, deviceId }) {
    return this.#call("POST", "/update-fcm-token", {}, { fcmToken, deviceId });
  }

  /** What the phone shows whose token this is; of the local system, not of the API. */
  phone(token) {
    return this.#call("GET", "/local/phones.json", { token });
  }

  async #call(method, path, query, body) {
    const url = new URL(path, location.origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const headers = { Authorization: `Bearer ${await this.#session.token()}` };
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) }).catch(() => {
      throw new ApiError({ code: "unreachable", message: "Cove cannot be reached just now" });
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new ApiError(answer);
    return answer;
  }
}
