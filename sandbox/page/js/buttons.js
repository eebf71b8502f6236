/** Buttons, with an optional confirmation dialog. */

import { confirmed } from "./confirm.js";
import { h, link, safeUrl } from "./dom.js";
import { withEmoji } from "./emoji.js";

export function button(item, slot) {
  const words = withEmoji(item.text.text);
  const name = `btn ${item.style ?? ""}`;
  const node = item.url && safeUrl(item.url)
    ? link(item.url, { class: name, data: slot.data }, words)
    : h("button", { type: "button", class: name, data: slot.data }, words);
  if (item.accessibility_label) node.setAttribute("aria-label", item.accessibility_label);
  node.addEventListener("click", () => press(item, slot, node));
  return node;
}

async function press(item, slot, node) {
  if (node.getAttribute("aria-busy")) return;
  if (!(await confirmed(item.confirm, slot.people))) return;
  await slot.send(node, { text: item.text, value: item.value });
}
