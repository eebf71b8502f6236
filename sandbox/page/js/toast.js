/** Toast notices in a corner, removed after a timeout. They float above dialogs. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_FOR = 7000;

export function toast(text, kind = "") {
  const holder = document.getElementById("toasts");
  const gone = () => {
    note.remove();
    if (!holder.childElementCount) holder.hidePopover();
  };
  const note = h("div", { class: `toast ${kind}`, data: { testid: "toast" } }, h("span", { dir: "auto" }, text),
    h("button", { type: "button", class: "plain", "aria-label": "Dismiss", on: { click: gone } }, icon("close")));
  holder.append(note);
  if (holder.matches(":popover-open")) holder.hidePopover();
  holder.showPopover();
  setTimeout(() => note.isConnected && gone(), SHOWN_FOR);
}

/** Show an error, unless Slack has already shown a notice. */
export function complain(error) {
  if (!error.told) toast(error.message, "bad");
}
