/** Render the `markdown` block: core Markdown syntax. Raw HTML stays text. */

import { fragment, h, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

const INLINE = /`([^`]+)`|!?\[([^\]]*)\]\(([^()\s]+)\)|\*\*(?=\S)([\s\S]*?\S)\*\*|~~(?=\S)([\s\S]*?\S)~~|(?<![\p{L}\p{N}])[*_](?=\S)([^*_]*?\S)[*_](?![\p{L}\p{N}])/u;

export function markdown(text) {
  const parts = String(text ?? "").split(/```[^\n]*\n([\s\S]*?)\n?```/);
  return fragment(parts.flatMap((part, index) => (index % 2 ? [h("pre", { class: "code" }, part)] : part.split(/\n{2,}/).flatMap(paragraph))));
}

const KINDS = [
  ["heading", /^(#{1,6}) +/],
  ["rule", /^ *(?:-{3,}|\*{3,})$/],
  ["ul", /^\s*[-*+] +/],
  ["ol", /^\s*\d+[.)] +/],
  ["quote", /^> ?/],
];

function paragraph(text) {
  const runs = [];
  for (const line of text.split("\n").filter((each) => each.trim())) {
    const [kind, mark] = KINDS.find(([, pattern]) => pattern.test(line)) ?? ["text", ""];
    const item = { line: line.replace(mark, ""), level: line.match(/^#*/)[0].length };
    if (runs.at(-1)?.kind === kind && kind !== "heading") runs.at(-1).items.push(item);
    else runs.push({ kind, items: [item] });
  }
  return runs.map(draw);
}

function draw({ kind, items }) {
  if (kind === "rule") return h("hr");
  if (kind === "heading") return h("p", { class: `heading level-${items[0].level}`, dir: "auto" }, inline(items[0].line));
  if (kind === "ul" || kind === "ol") return h(kind, { class: "list" }, items.map(({ line }) => h("li", { dir: "auto" }, inline(line))));
  const rows = items.flatMap(({ line }, index) => [index ? h("br") : null, inline(line)]);
  return h(kind === "quote" ? "blockquote" : "p", { dir: "auto" }, rows);
}

function inline(text) {
  const match = INLINE.exec(text);
  if (!match) return [withEmoji(text)];
  const [all, code, label, address, bold, struck, italic] = match;
  const node =
    code !== undefined ? h("code", {}, code)
    : address !== undefined ? link(address, {}, inline(label || address))
    : bold !== undefined ? h("strong", {}, inline(bold))
    : struck !== undefined ? h("s", {}, inline(struck))
    : h("em", {}, inline(italic));
  return [withEmoji(text.slice(0, match.index)), node, ...inline(text.slice(match.index + all.length))];
}
