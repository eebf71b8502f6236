/** Format times as Slack does: date tokens, relative times kept up to date, the exact time in the title. */

import { now } from "./clock.js";
import { h, link } from "./dom.js";

const LOCALE = "en-GB";
const format = (options) => {
  const formatter = new Intl.DateTimeFormat(LOCALE, options);
  return (date) => formatter.format(date);
};
const clock = format({ hour: "2-digit", minute: "2-digit" });
const clockSeconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const long = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const plain = format({ day: "numeric", month: "long", year: "numeric" });
const short = format({ day: "numeric", month: "short", year: "numeric" });
const iso = (date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");

function near(date, otherwise) {
  const midnight = (when) => new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(new Date(now()))) / 86_400_000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? otherwise(date);
}

/** Format a relative time: "just now", "4 minutes ago", "in 2 hours"; whole units, the largest that fits. */
export function ago(date) {
  const seconds = Math.round((now() - date.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return seconds < -5 ? "in a moment" : "just now";
  const [count, unit] =
    size < 3570 ? [Math.max(1, Math.round(size / 60)), "minute"]
    : size < 84_600 ? [Math.round(size / 3600), "hour"]
    : [Math.round(size / 86_400), "day"];
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/** Format a short relative time for a timeline: "now", "4m", "2h", "3d". */
export function agoShort(date) {
  const minutes = Math.floor((now() - date.getTime()) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes}m`;
  return minutes < 1440 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}

const TOKENS = {
  date_num: iso,
  date: plain,
  date_slash: (date) => iso(date).replaceAll("-", "/"),
  date_short: short,
  date_long: long,
  date_long_full: long,
  date_pretty: (date) => near(date, plain),
  date_short_pretty: (date) => near(date, short),
  date_long_pretty: (date) => near(date, long),
  day_divider_pretty: (date) => near(date, long),
  time: clock,
  time_secs: clockSeconds,
  ago,
  ago_short: agoShort,
};

export const exact = (date) => `${long(date)} at ${clockSeconds(date)}`;
export const dayName = (date) => near(date, long).replace(/^./, (letter) => letter.toUpperCase());
export const dateOf = (ts) => new Date(Number(ts) * 1000);

export function fill(template, date) {
  return template.replace(/\{(\w+)\}/g, (token, name) => TOKENS[name]?.(date) ?? token);
}

const isKnown = (template) => [...template.matchAll(/\{(\w+)\}/g)].some(([, name]) => name in TOKENS);

/** Build a `<time>` of seconds since the epoch; an invalid time or format shows its fallback, literally. */
export function timeNode(seconds, template, { url, fallback = "" } = {}) {
  const date = dateOf(seconds);
  if (Number.isNaN(date.getTime()) || !isKnown(template)) return document.createTextNode(fallback);
  const node = h("time", { datetime: date.toISOString(), title: exact(date), data: { format: template } }, fill(template, date));
  return url ? link(url, {}, node) : node;
}

/** Update every relative time every 15 seconds. */
export function keepFresh() {
  setInterval(refresh, 15_000);
}

/** Update every relative time now. */
export function refresh() {
  for (const node of document.querySelectorAll("time[data-format]")) {
    const text = fill(node.dataset.format, new Date(node.dateTime));
    if (text !== node.textContent) node.textContent = text;
  }
}
