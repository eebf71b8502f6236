/** Render Slack's mrkdwn: https://docs.slack.dev/messaging/formatting-message-text */

import { fragment, h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, userMention } from "./people.js";
import { timeNode } from "./time.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const ATOM = /<([^<>\n]*)>|`([^`\n]+)`|:([a-z0-9_+'-]+(?:::[a-z0-9_-]+)?):|https?:\/\/[^\s<>|`]+/y;
const WORD = /[\p{L}\p{N}]/u;

/** Slack escapes exactly three characters. */
export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Render a mrkdwn text as a fragment of paragraphs, quotes, lists and code. */
export function mrkdwn(text, people) {
  const parts = String(text ?? "").split(/```\n?([\s\S]*?)\n?```/);
  return fragment(parts.flatMap((part, index) => (index % 2 ? [codeBlock(part)] : flow(part, people))));
}

function codeBlock(text) {
  const shown = text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_all, target, label) => label ?? target);
  return h("pre", { class: "code" }, unescape(shown));
}

const LINE_KINDS = [
  ["quote", /^(?:>|&gt;) ?/],
  ["list", /^\s*[•◦‣-] +/],
];

/** Group lines into runs of one kind, each with its own renderer. */
function flow(text, people) {
  const runs = [];
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const [kind, mark] = LINE_KINDS.find(([, pattern]) => pattern.test(line)) ?? [line.trim() ? "text" : "gap", ""];
    const last = runs.at(-1);
    if (last?.kind === kind) last.lines.push(line.replace(mark, ""));
    else runs.push({ kind, lines: [line.replace(mark, "")] });
  }
  return runs.map((run) => drawRun(run, people)).filter(Boolean);
}

function drawRun({ kind, lines }, people) {
  if (kind === "gap") return null;
  if (kind === "list") return h("ul", { class: "list" }, lines.map((line) => h("li", { dir: "auto" }, inline(line, people))));
  const rows = lines.flatMap((line, index) => [index ? h("br") : null, inline(line, people)]);
  return h(kind === "quote" ? "blockquote" : "p", { dir: "auto" }, rows);
}

/** Render one line of mrkdwn as an array of nodes. */
export function inline(text, people) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push(document.createTextNode(unescape(plain)));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = atom(text, at, people) ?? styled(text, at, people);
    if (found) {
      flush();
      out.push(found.node);
      at = found.end;
    } else {
      plain += text[at++];
    }
  }
  flush();
  return out;
}

function matchAtom(text, at) {
  ATOM.lastIndex = at;
  return ATOM.exec(text);
}

function atom(text, at, people) {
  const match = matchAtom(text, at);
  if (!match) return null;
  const [all, angle, code, shortcode] = match;
  const end = at + all.length;
  if (angle !== undefined) return { node: reference(angle, people), end };
  if (code !== undefined) return { node: h("code", {}, unescape(code)), end };
  if (shortcode !== undefined) {
    const character = emoji(shortcode);
    return character && { node: h("span", { class: "emoji", title: all, role: "img", "aria-label": shortcode }, character), end };
  }
  const url = all.replace(/[.,;:!?)\]'"]+$/, "");
  return { node: link(unescape(url), {}, unescape(url)), end: at + url.length };
}

/** Render a token in angle brackets: a person, a channel, a group, a broadcast, a date or a link. */
function reference(inner, people) {
  const bar = inner.indexOf("|");
  const [target, written] = bar < 0 ? [inner, ""] : [inner.slice(0, bar), inner.slice(bar + 1)];
  const label = unescape(written);
  if (/^@[UW]/.test(target)) return userMention(people, target.slice(1), label.replace(/^@/, ""));
  if (/^#[CG]/.test(target)) return channelMention(people, target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, seconds, template, url] = target.split("^");
    return timeNode(seconds, template ?? "{date_num}", { url, fallback: label });
  }
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label || target.slice(9));
  if (target.startsWith("!")) return broadcast(target.slice(1));
  return link(unescape(target), {}, written ? inline(written, people) : unescape(target).replace(/^mailto:/, ""));
}

/** `*bold*`, `_italic_`, `~struck~`: the marks are adjacent to the text and at word boundaries. */
function styled(text, at, people) {
  const mark = text[at];
  if (!(mark in STYLES) || (at > 0 && WORD.test(text[at - 1]))) return null;
  const next = text[at + 1];
  if (next === undefined || next === mark || /\s/.test(next)) return null;
  const end = closing(text, at + 1, mark);
  return end < 0 ? null : { node: h(STYLES[mark], {}, inline(text.slice(at + 1, end), people)), end: end + 1 };
}

function closing(text, from, mark) {
  for (let at = from; at < text.length; at++) {
    const match = matchAtom(text, at);
    if (match) at += match[0].length - 1;
    else if (text[at] === mark && at > from && !/\s/.test(text[at - 1]) && !WORD.test(text[at + 1] ?? "")) return at;
  }
  return -1;
}
