/** Render Block Kit's blocks. `ctx` is `{people, act, channel}`; see elements.js for interactive elements. */

import { h } from "./dom.js";
import { element } from "./elements.js";
import { withEmoji } from "./emoji.js";
import { folding } from "./fold.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { picture, text } from "./text.js";

const LONG_TEXT = 900;
const LABELLED = "input, textarea, select, button";

function section(block, ctx) {
  const words = block.text && h("div", { class: "text", dir: "auto" }, text(block.text, ctx.people));
  const fields = block.fields && h("div", { class: "facts" }, block.fields.map((field) => h("div", { class: "fact", dir: "auto" }, text(field, ctx.people))));
  const body = h("div", { class: "section-body" }, words && (block.expand ? words : folding(words, LONG_TEXT)), fields);
  return [body, block.accessory && h("div", { class: "accessory" }, element(block.accessory, block.block_id, ctx))];
}

function context(block, ctx) {
  return block.elements.map((item) =>
    item.type === "image" ? picture(item, "small", ctx) : h("span", { class: "context-text", dir: "auto" }, text(item, ctx.people)));
}

function image(block, ctx) {
  return h("figure", { class: "figure" },
    block.title && h("figcaption", {}, text(block.title, ctx.people)),
    picture(block, "large", ctx));
}

function input(block, ctx) {
  const control = element(block.element, block.block_id, ctx, { input: block });
  const group = control.matches(".choices");
  const field = group || control.matches(LABELLED) ? control : control.querySelector(LABELLED) ?? control;
  const id = `field-${crypto.randomUUID()}`;
  const hint = block.hint && h("p", { class: "hint", id: `${id}-hint` }, text(block.hint, ctx.people));
  field.id = id;
  field.setAttribute("aria-describedby", `${block.hint ? `${id}-hint ` : ""}${id}-error`);
  const words = [text(block.label, ctx.people), block.optional && h("span", { class: "optional" }, " (optional)")];
  const label = group ? h("span", { class: "label", id: `${id}-label` }, words) : h("label", { class: "label", for: id }, words);
  if (group) field.setAttribute("aria-labelledby", `${id}-label`);
  return [label, control, h("p", { class: "error", id: `${id}-error`, role: "alert", hidden: true }), hint];
}

function table(block, ctx) {
  const cell = (tag, align) => (item, column) =>
    h(tag, { class: block.column_settings?.[column]?.align ?? "", dir: "auto" }, item.type === "rich_text" ? richText(item, ctx.people) : withEmoji(item.text));
  const [head, ...rows] = block.rows;
  return h("div", { class: "table-scroll", tabindex: "0" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map(cell("th")))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell("td")))))));
}

/** A row of buttons. A menu at its end stays beside the button before it, so that it never wraps alone. */
function actions(block, ctx) {
  const nodes = block.elements.map((item) => element(item, block.block_id, ctx));
  if (nodes.length < 2 || block.elements.at(-1).type !== "overflow") return nodes;
  return [...nodes.slice(0, -2), h("span", { class: "kept" }, nodes.slice(-2))];
}

const BLOCKS = {
  section,
  context,
  image,
  input,
  table,
  actions,
  divider: () => h("hr"),
  header: (block, ctx) => h("h3", { dir: "auto" }, text(block.text, ctx.people)),
  rich_text: (block, ctx) => richText(block, ctx.people),
  markdown: (block) => markdown(block.text),
};

/** Render all blocks of a message, a modal or a Home view, each marked with its block id. */
export function blocks(list, ctx) {
  return h("div", { class: "blocks" }, (list ?? []).map((block) =>
    h("div", { class: `block block-${block.type}`, data: { blockId: block.block_id, blockType: block.type } },
      BLOCKS[block.type]?.(block, ctx) ?? h("p", { class: "unsupported" }, `This page does not show “${block.type}” blocks.`))));
}
