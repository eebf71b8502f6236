/** Menus of the app's shortcuts: those of a message, and those that belong to none. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./popover.js";

/**
 * Build the button of a menu of shortcuts; null where the app has none of the kind. `onUse(callbackId)` is
 * called with the one that is chosen.
 */
function shortcutsButton(people, isOfMessages, { look, label, name }, onUse) {
  const offered = people.shortcuts.filter((each) => each.is_of_messages === isOfMessages);
  if (!offered.length) return null;
  const button = h("button", { type: "button", class: "plain", title: label, "aria-label": name ?? label, "aria-haspopup": "menu", "aria-expanded": "false", on: { click: () => {
    menu(button, offered.map((each) => ({
      label: each.name,
      note: people.bot?.real_name,
      data: { shortcut: each.callback_id },
      act: () => onUse(each.callback_id),
    })), { label });
  } } }, icon(look));
  return button;
}

/** The ⋯ of a message by `name`. */
export const messageShortcuts = (people, name, onUse) =>
  shortcutsButton(people, true, { look: "more", label: "More actions", name: `More actions on the message by ${name}` }, onUse);

/** The button beside a composer. */
export const globalShortcuts = (people, onUse) => shortcutsButton(people, false, { look: "bolt", label: "Shortcuts" }, onUse);
