/** The overflow menu (⋯). */

import { text } from "./text.js";
import { confirmed } from "./confirm.js";
import { h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./popover.js";

export function overflow(item, slot) {
  const node = h("button", {
    type: "button", class: "btn more", data: slot.data, "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false",
  }, icon("more"));
  const choose = async (option) => {
    if (!(await confirmed(item.confirm, slot.people))) return;
    const href = option.url && safeUrl(option.url);
    if (href) window.open(href, "_blank", "noopener");
    await slot.send(node, { selected_option: option });
  };
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-busy")) return;
    menu(node, item.options.map((option) => ({
      label: text(option.text, slot.people),
      note: option.description?.text,
      data: { value: option.value },
      act: () => choose(option),
    })), { label: "More actions" });
  });
  return node;
}
