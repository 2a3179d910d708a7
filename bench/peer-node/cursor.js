/** Where a client goes on. */
import { Refusal } from "./refusal.js";

/** A transaction that began before may commit after: what changed in this time before a cursor was given is told again. */
const OVERLAP_MS = 5_000;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function decode(cursor) {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    throw new Refusal("invalid_request", "The cursor is none of ours.");
  }
}

/** Of the list of threads: after a thread. */
export const listPlace = ({ updatedAt, id }) => encode([updatedAt, id]);

export function listPlaceOf(page) {
  const [updatedAt, id] = page ? decode(page) : [];
  return page ? { updatedAt: new Date(updatedAt), id } : null;
}

/** Of sync: everything from now on. */
export const fromNow = () => encode({ since: Date.now() - OVERLAP_MS });

/** Of a page of sync. `next` is where to go on when all pages were read; `thread` and `seq` name the last thing told. */
export function syncPlaceOf(cursor) {
  const { since, next = Date.now() - OVERLAP_MS, phase = "threads", thread = null, seq = 0 } = decode(cursor);
  if (!Number.isFinite(since)) throw new Refusal("invalid_request", "The cursor is none of ours.");
  return { since, next, phase, thread, seq };
}

export const syncPlace = (place) => encode(place);
export const syncDone = ({ next }) => encode({ since: next });
