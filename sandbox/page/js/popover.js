/** Popovers beside their anchor, above dialogs too; closed by Escape or a click elsewhere. */

import { h } from "./dom.js";

const GAP = 4;

/** Open `content` beside `anchor`; the panel is removed when it closes. Returns the panel. */
export function float(anchor, content, { kind = "", onClose } = {}) {
  const panel = h("div", { class: `floating ${kind}`, popover: "auto" }, content);
  // A message is drawn anew with each of its changes: what is open beside it must outlive that.
  if (anchor.closest(".message")) document.body.append(panel);
  else anchor.after(panel);
  anchor.setAttribute("aria-expanded", "true");
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    panel.remove();
    onClose?.();
  });
  panel.showPopover();
  place(panel, anchor);
  return panel;
}

function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const below = at.bottom + GAP + size.height <= innerHeight;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - size.height);
  const left = Math.max(GAP, Math.min(at.left, innerWidth - size.width - GAP));
  panel.style.setProperty("top", `${top}px`);
  panel.style.setProperty("left", `${left}px`);
  panel.style.setProperty("min-width", `${Math.min(at.width, 320)}px`);
}

/** Build a menu of `{label, note, act, href}`: arrow keys move, Enter selects. */
export function menu(anchor, items, { kind = "", label } = {}) {
  const rows = items.map((item) =>
    h("button", { type: "button", role: "menuitem", class: "menu-item", data: item.data, on: { click: () => {
      panel.hidePopover();
      anchor.focus();
      item.act();
    } } }, h("span", { class: "menu-label" }, item.label), item.note && h("span", { class: "menu-note" }, item.note)));
  const list = h("div", { role: "menu", "aria-label": label, on: { keydown: (event) => step(event, rows) } }, rows);
  const panel = float(anchor, list, { kind: `menu ${kind}` });
  rows[0]?.focus();
  return panel;
}

export function step(event, rows) {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  const at = rows.indexOf(document.activeElement);
  rows[(at + move + rows.length) % rows.length]?.focus();
}
