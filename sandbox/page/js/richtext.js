/** Render the `rich_text` block: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */

import { h, lines, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, userMention } from "./people.js";
import { timeNode } from "./time.js";

const WRAPPERS = [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["code", "code"]];

/** Convert "1f44b-1f3fb" to its characters. */
const fromPoints = (points) => (/^[0-9a-f]{2,5}(-[0-9a-f]{2,5})*$/i.test(points ?? "") ? String.fromCodePoint(...points.split("-").map((point) => parseInt(point, 16))) : null);

const LEAVES = {
  text: (leaf) => lines(leaf.text),
  link: (leaf) => link(leaf.url, {}, leaf.text || leaf.url),
  emoji: (leaf) => h("span", { class: "emoji", role: "img", "aria-label": leaf.name, title: `:${leaf.name}:` }, fromPoints(leaf.unicode) ?? emoji(leaf.name) ?? `:${leaf.name}:`),
  user: (leaf, people) => userMention(people, leaf.user_id),
  usergroup: (leaf) => h("span", { class: "mention" }, `@${leaf.usergroup_id}`),
  channel: (leaf, people) => channelMention(people, leaf.channel_id),
  date: (leaf) => timeNode(leaf.timestamp, leaf.format, { url: leaf.url, fallback: leaf.fallback }),
  broadcast: (leaf) => broadcast(leaf.range),
  color: (leaf) => h("span", { class: "swatch", style: { "--swatch": leaf.value } }, leaf.value),
};

function leafNode(leaf, people) {
  let nodes = LEAVES[leaf.type]?.(leaf, people) ?? `[${leaf.type}]`;
  for (const [style, tag] of WRAPPERS) if (leaf.style?.[style]) nodes = h(tag, {}, nodes);
  return nodes;
}

const leaves = (element, people) => (element.elements ?? []).map((leaf) => leafNode(leaf, people));

const PARTS = {
  rich_text_section: (part, people) => h("p", { class: "rich", dir: "auto" }, leaves(part, people)),
  rich_text_quote: (part, people) => h("blockquote", { class: "rich", dir: "auto" }, leaves(part, people)),
  rich_text_preformatted: (part, people) => h("pre", { class: "code" }, leaves(part, people)),
  rich_text_list: (part, people) =>
    h(
      part.style === "ordered" ? "ol" : "ul",
      { class: "list", start: part.offset ? part.offset + 1 : undefined, style: { "--indent": String(part.indent ?? 0) } },
      part.elements.map((item) => h("li", { class: "rich", dir: "auto" }, leaves(item, people))),
    ),
};

export function richText(block, people) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map((part) => PARTS[part.type]?.(part, people)));
}
