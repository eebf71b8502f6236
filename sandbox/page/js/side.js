/** The customer's side of the page: one place at a time, with an unread mark on the others. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

export class Side {
  /** `onLook(place)` is called for every place that the visitor chooses. */
  constructor(holder, onLook) {
    this.onLook = onLook;
    this.places = new Map();
    this.bar = h("div", { class: "side-bar", role: "tablist", "aria-label": "The customer's side" });
    this.holder = holder;
    holder.append(this.bar);
  }

  add(name, mark, label, node) {
    const id = `side-${name}`;
    const tab = h("button", { type: "button", class: "side-tab", role: "tab", id: `${id}-tab`, "aria-controls": id, data: { place: name }, on: { click: () => {
      this.show(name);
      this.onLook(name);
    } } },
      icon(mark), h("span", { class: "side-label" }, label), h("i", { class: "side-dot", hidden: true, role: "img", "aria-label": "Something new" }));
    Object.assign(node, { id });
    node.setAttribute("role", "tabpanel");
    node.setAttribute("aria-labelledby", tab.id);
    this.places.set(name, { tab, node });
    this.bar.append(tab);
    this.holder.append(node);
    this.show(this.current ?? name);
  }

  show(name) {
    this.current = name;
    for (const [each, { tab, node }] of this.places) {
      tab.setAttribute("aria-selected", String(each === name));
      node.hidden = each !== name;
    }
    this.places.get(name).tab.querySelector(".side-dot").hidden = true;
  }

  /** Mark a hidden place as unread. */
  mark(name) {
    if (name !== this.current) this.places.get(name).tab.querySelector(".side-dot").hidden = false;
  }
}
