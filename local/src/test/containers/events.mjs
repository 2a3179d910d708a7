/** The events of test-events/, in the order in which one follows from the other. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
export const THREAD = "01935c2e-5a00-7000-8000-000000000001";
const MESSAGE = "01935c2e-5a00-7000-8000-000000000101";

/** Which file calls which function, and what is answered. */
const EVENTS = [
  ["CreateThreadFunction", "create-thread", 201],
  ["SendMessageFunction", "send-message", 201],
  ["GetThreadsFunction", "get-threads", 200],
  ["GetThreadMessagesFunction", "get-thread-messages", 200],
  ["MarkMessageReadFunction", "mark-message-read", 200],
  ["UpdateFcmTokenFunction", "update-fcm-token", 200],
  ["MuteThreadFunction", "mute-thread", 200],
  ["UpdatePresenceFunction", "update-presence", 200],
  ["GetSyncFunction", "get-sync", 200],
];

/** The event with what exists in this system only. */
export function event(file, placeholders) {
  let text = readFileSync(`${REPOSITORY}test-events/${file}.json`, "utf8");
  for (const [placeholder, value] of Object.entries(placeholders)) text = text.replaceAll(placeholder, value);
  return JSON.parse(text);
}

/**
 * Ann's calls, one of each kind, and what ben sends her meanwhile.
 *
 * @param call (function's name, event, expected status) to its answer, which has been checked to have that status
 * @param token of a user
 * @returns what stands in this system for what the files name
 */
export async function callEach(call, token) {
  const ben = { ID_TOKEN: token("ben") };
  const known = { ID_TOKEN: token("ann") };
  await call("GetThreadsFunction", event("get-threads", ben), 200);
  for (const [name, file, status] of EVENTS) {
    const answer = JSON.parse((await call(name, event(file, known), status)).body);
    if (file === "create-thread") {
      known[THREAD] = answer.thread.id;
      const sent = await call("SendMessageFunction", event("send-message", { ...ben, [THREAD]: answer.thread.id }), 201);
      known[MESSAGE] = JSON.parse(sent.body).message.id;
    }
    if (file === "get-threads") known.CURSOR = answer.cursor;
  }
  return known;
}
