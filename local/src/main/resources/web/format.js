/** Names, times and texts as people like to read them. Pure functions. */

const DAY = 86_400_000;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const shortDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longDate = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const longDateWithYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const preciseClock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** Whole days from one local calendar day to another: 0 is the same day. */
function daysBetween(then, now) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(then)) / DAY);
}

/** A message's time: `14:05`. */
export function time(iso) {
  return clock.format(new Date(iso));
}

/** The time as on the face of a clock, without `PM`. */
export function clockFace(iso) {
  return clock.formatToParts(new Date(iso)).filter(({ type }) => type !== "dayPeriod").map(({ value }) => value).join("").trim();
}

/** `14:05:09`. */
export function preciseTime(iso) {
  return preciseClock.format(new Date(iso));
}

/** `Monday 5 May`, in the reader's own order. */
export function longDay(iso) {
  return longDate.format(new Date(iso));
}

/** The time in full, for tooltips. */
export function fullTime(iso) {
  return exact.format(new Date(iso));
}

/** When a conversation last moved, as short as can be. */
export function shortTime(iso, now = new Date()) {
  const then = new Date(iso);
  const days = daysBetween(then, now);
  if (days <= 0) return clock.format(then);
  if (days === 1) return "Yesterday";
  return days < 7 ? weekday.format(then) : shortDate.format(then);
}

/** The heading above a day's messages. */
export function dayHeading(iso, now = new Date()) {
  const then = new Date(iso);
  const days = daysBetween(then, now);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  return then.getFullYear() === now.getFullYear() ? longDate.format(then) : longDateWithYear.format(then);
}

/** True if both times fall on one local calendar day. */
export function sameDay(one, other) {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** `last seen 5 min ago`; empty where that is not known. */
export function lastSeen(iso, now = new Date()) {
  if (!iso) return "";
  const minutes = Math.floor((now - new Date(iso)) / 60_000);
  if (minutes < 1) return "last seen just now";
  if (minutes < 60) return `last seen ${minutes} min ago`;
  return daysBetween(new Date(iso), now) === 0 ? `last seen at ${time(iso)}` : `last seen ${shortTime(iso, now)}`;
}

/** What to call somebody whose token carries no name. */
export function nameOf(person) {
  return person?.name || person?.id || "Somebody";
}

/** Up to two initials, by character, not by UTF-16 unit. */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ""));
  return letters.join("").toLocaleUpperCase() || "?";
}

/** One of eight colours, always the same for the same id. */
export function hueOf(id) {
  let hash = 7;
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)) % 9973;
  return hash % 8;
}

/** `Ada, Grace and Alan`. */
export function listed(names) {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}

/** A thread's name as one member sees it: its title, else the other people. */
export function titleOf(thread, myId) {
  if (thread.title) return thread.title;
  const others = thread.participants.filter((person) => person.id !== myId).map(nameOf);
  if (others.length === 0) return "Just you";
  return others.length > 3 ? `${others.slice(0, 3).join(", ")} and ${others.length - 3} more` : listed(others);
}

/** The length that the contract counts: Unicode code points. */
export function codePoints(text) {
  return [...text].length;
}
