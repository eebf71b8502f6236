/** Multi-selects: selected options as chips, the others in a panel with a filter. */

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { bind } from "./fields.js";
import { icon } from "./icons.js";
import { initialKeys, offered, stateKey } from "./options.js";
import { float, step } from "./popover.js";

const FILTER_FROM = 8;

export function multiSelect(item, slot) {
  const all = offered(item, slot.people).flatMap((group) => group.options);
  const key = stateKey(item.type);
  const chosen = new Set(initialKeys(item, slot.ctx));
  const node = h("button", { type: "button", class: "field multi", data: slot.data, "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": slot.label });
  const read = () => ({ type: item.type, [key]: all.filter((each) => chosen.has(each.key)).map((each) => each.choice) });

  function draw() {
    const chips = all.filter((each) => chosen.has(each.key)).map((each) => h("span", { class: "chip" }, each.label));
    node.replaceChildren(...(chips.length ? chips : [h("span", { class: "placeholder" }, item.placeholder?.text ?? "Choose…")]));
  }

  async function closed(before) {
    if (!slot.speaks || before === [...chosen].join("\n")) return;
    if (await confirmed(item.confirm, slot.people)) await slot.send(node, { [key]: read()[key] });
  }

  node.addEventListener("click", () => {
    const before = [...chosen].join("\n");
    const rows = all.map((each) => row(each, chosen, item.max_selected_items ?? Infinity, draw));
    const filter = all.length >= FILTER_FROM && filterBox(rows);
    const list = h("div", { role: "listbox", "aria-multiselectable": "true", class: "options", on: { keydown: (event) => step(event, rows) } }, rows);
    float(node, [filter, list], { kind: "picklist", onClose: () => closed(before) });
    (filter || rows[0])?.focus();
  });
  draw();
  return bind(node, {
    read,
    write: (state) => {
      chosen.clear();
      for (const each of state[key] ?? []) chosen.add(each.value ?? each);
      draw();
    },
  });
}

function row(each, chosen, most, draw) {
  const node = h("button", { type: "button", role: "option", class: "option", "aria-selected": String(chosen.has(each.key)), data: { value: each.key } },
    h("span", { class: "tick" }, icon("check")), h("span", {}, each.label), each.note && h("span", { class: "menu-note" }, each.note));
  node.addEventListener("click", () => {
    if (!chosen.delete(each.key) && chosen.size < most) chosen.add(each.key);
    node.setAttribute("aria-selected", String(chosen.has(each.key)));
    draw();
  });
  return node;
}

function filterBox(rows) {
  const box = h("input", { type: "search", class: "field filter", placeholder: "Filter…", "aria-label": "Filter" });
  box.addEventListener("input", () => {
    for (const each of rows) each.hidden = !each.textContent.toLowerCase().includes(box.value.toLowerCase());
  });
  return box;
}
