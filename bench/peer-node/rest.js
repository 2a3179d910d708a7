/** The calls over HTTP. */
import { verify } from "./auth.js";
import { Refusal, STATUS } from "./refusal.js";

const MAX_BODY = 64 * 1024;

/** @param people who is known already, so that a call need not ask the database for it */
export function rest(chat, people) {
  const calls = {
    "POST /send-message": async (user, { body }) => {
      const { isNew, message } = await chat.send(user, body);
      return [isNew ? 201 : 200, { message }];
    },
    "POST /mark-message-read": async (user, { body }) => [200, await chat.read(user, body)],
    "GET /threads": async (user, { query }) => [200, await chat.threads(user, query)],
    "GET /thread-messages": async (user, { query }) => [200, await chat.messages(user, query)],
    "GET /sync": async (user, { query }) => [200, await chat.sync(user, query)],
  };

  async function answer(request) {
    const [path, search] = request.url.split("?", 2);
    if (path === "/health") return [200, { status: "up" }];
    const call = calls[`${request.method} ${path}`];
    if (!call) throw new Refusal("not_found", "There is no such call.");
    const body = request.method === "POST" ? await bodyOf(request) : undefined;
    const user = await verify(request.headers.authorization?.replace(/^Bearer /, ""));
    await people.know(user);
    return call(user, { body, query: search ? Object.fromEntries(new URLSearchParams(search)) : {} });
  }

  return async (request, response) => {
    try {
      const [status, body] = await answer(request);
      write(response, status, "application/json", body);
    } catch (error) {
      const { code, message } = told(error);
      write(response, STATUS[code], "application/problem+json", { type: "about:blank", title: code, status: STATUS[code], detail: message, code });
    }
  };
}

/** What a client may know of an error. */
export function told(error) {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  console.error(error);
  return { code: "internal", message: "Something went wrong." };
}

function write(response, status, type, body) {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": type, "content-length": bytes.length, "cache-control": "no-store", "x-content-type-options": "nosniff" });
  response.end(bytes);
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Refusal("invalid_request", "The body is too long.");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Refusal("invalid_request", "The body must be JSON.");
  }
}
