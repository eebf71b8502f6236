/** Checkboxes and radio buttons. */

import { text } from "./text.js";
import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { bind } from "./fields.js";

export function choices(item, slot) {
  const many = item.type === "checkboxes";
  const key = many ? "selected_options" : "selected_option";
  const group = `choice-${crypto.randomUUID()}`;
  const boxes = item.options.map((option) => h("input", { type: many ? "checkbox" : "radio", name: group, value: option.value }));
  const rows = item.options.map((option, index) =>
    h("label", { class: "choice" }, boxes[index],
      h("span", { class: "choice-text", dir: "auto" }, text(option.text, slot.people),
        option.description && h("span", { class: "choice-note" }, text(option.description, slot.people)))));
  const node = h("div", { class: "choices", role: many ? "group" : "radiogroup", data: slot.data, "aria-label": slot.input ? undefined : "Options" }, rows);

  const read = () => {
    const chosen = item.options.filter((_option, index) => boxes[index].checked);
    return { type: item.type, [key]: many ? chosen : chosen[0] ?? null };
  };
  const write = (values) => boxes.forEach((box) => { box.checked = values.includes(box.value); });
  let before = [item.initial_options ?? item.initial_option ?? []].flat().map((option) => option.value);
  write(before);
  node.addEventListener("change", async () => {
    if (!slot.speaks) return;
    if (!(await confirmed(item.confirm, slot.people))) {
      write(before);
      return;
    }
    before = boxes.filter((box) => box.checked).map((box) => box.value);
    await slot.send(node, { [key]: read()[key] });
  });
  return bind(node, { read, write: (state) => write([state[key] ?? []].flat().map((option) => option.value)) });
}
