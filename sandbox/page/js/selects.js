/** Single selects, native for keyboard, screen reader and phone support. */

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { bind } from "./fields.js";
import { initialKeys, offered, stateKey } from "./options.js";

export function select(item, slot) {
  const groups = offered(item, slot.people);
  const known = new Map(groups.flatMap((group) => group.options).map((each) => [each.key, each.choice]));
  const draw = (each) => h("option", { value: each.key }, each.note ? `${each.label} · ${each.note}` : each.label);
  const node = h("select", { class: "field select", data: slot.data, "aria-label": slot.label },
    h("option", { value: "", class: "placeholder" }, item.placeholder?.text ?? "Choose…"),
    groups.map((group) => (group.label ? h("optgroup", { label: group.label }, group.options.map(draw)) : group.options.map(draw))));
  node.value = initialKeys(item, slot.ctx)[0] ?? "";
  if (node.selectedIndex < 0) node.value = "";

  const key = stateKey(item.type);
  const read = () => ({ type: item.type, [key]: known.get(node.value) ?? null });
  let before = node.value;
  node.addEventListener("change", async () => {
    if (!slot.speaks) return;
    if (!(await confirmed(item.confirm, slot.people))) {
      node.value = before;
      return;
    }
    before = node.value;
    await slot.send(node, { [key]: read()[key] });
  });
  return bind(node, {
    read,
    write: (state) => {
      const kept = state[key]?.value ?? state[key] ?? "";
      if (kept === "" || known.has(kept)) node.value = kept;
    },
  });
}
