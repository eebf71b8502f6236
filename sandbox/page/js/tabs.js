/** Show the panes as tabs on a phone. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const PANES = [["menu", "menu", "Channels"], ["chat", "hash", "Messages"], ["thread", "thread", "Thread"], ["public", "globe", "Customer"]];

export class Tabs {
  constructor(holder) {
    this.buttons = new Map(PANES.map(([name, mark, label]) => [name,
      h("button", { type: "button", class: "tab", data: { pane: name }, on: { click: () => this.show(name) } }, icon(mark), h("span", {}, label), h("i", { class: "dot", hidden: true }))]));
    holder.append(...this.buttons.values());
    this.show("chat");
  }

  show(name) {
    this.current = name;
    document.body.dataset.pane = name;
    for (const [each, button] of this.buttons) button.setAttribute("aria-pressed", String(each === name));
    this.buttons.get(name).querySelector(".dot").hidden = true;
  }

  /** Mark a hidden tab as unread. */
  mark(name) {
    if (name !== this.current) this.buttons.get(name).querySelector(".dot").hidden = false;
  }

  allow(name, yes) {
    this.buttons.get(name).hidden = !yes;
    if (!yes && this.current === name) this.show("chat");
  }
}
