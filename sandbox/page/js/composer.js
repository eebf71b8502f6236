/** Message composer: Enter sends, a slash completes the app's commands, an @ completes people. */

import { Attachments } from "./attachments.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { globalShortcuts } from "./shortcuts.js";
import { complain } from "./toast.js";

/**
 * `onSay(text, fileIds)`, `onCommand(text)`, `onShortcut(callbackId)` and `onAttach(file)`, which resolves to
 * the file's id, return promises. Without `onCommand` (in threads) a slash is ordinary text. `hint` is the
 * id of the element that describes the composer, if there is one.
 */
export function composer({ people, placeholder, hint, onSay, onCommand, onShortcut, onAttach }) {
  const box = h("textarea", { class: "composer-box", rows: "1", dir: "auto", placeholder, "aria-label": placeholder, "aria-describedby": hint, autocomplete: "off" });
  const button = h("button", { type: "submit", class: "send", "aria-label": "Send", disabled: true }, icon("send"));
  const offers = h("div", { class: "offers", role: "listbox", "aria-label": "Suggestions", hidden: true });
  const attached = new Attachments(onAttach, () => grow());
  const form = h("form", { class: "composer", data: { testid: "composer" } }, offers, attached.list, attached.button, onShortcut && globalShortcuts(people, onShortcut), box, button);
  const suggest = new Offers(box, offers, people, Boolean(onCommand));

  async function send() {
    const text = box.value.trim();
    if (!text && !attached.files.length) return;
    box.value = "";
    grow();
    try {
      await (onCommand && text.startsWith("/") ? onCommand(text) : onSay(text, attached.files.map((file) => file.id)));
      attached.clear();
    } catch (error) {
      if (!box.value) box.value = text;
      complain(error);
    }
    grow();
  }

  function grow() {
    box.style.setProperty("height", "auto");
    box.style.setProperty("height", `${Math.min(box.scrollHeight + 2, 180)}px`);
    button.disabled = !box.value.trim() && !attached.files.length;
    suggest.update();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener("input", grow);
  box.addEventListener("blur", () => setTimeout(() => suggest.hide(), 150));
  box.addEventListener("keydown", (event) => {
    if (suggest.key(event)) {
      grow();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  return form;
}

/** Autocomplete list above the composer, for commands and names. */
class Offers {
  constructor(box, node, people, commands) {
    Object.assign(this, { box, node, people, commands, items: [], at: 0 });
  }

  update() {
    const typed = this.box.value.slice(0, this.box.selectionStart ?? this.box.value.length);
    this.items = this.matching(typed);
    this.at = 0;
    this.draw();
  }

  matching(typed) {
    if (this.commands && /^\/\S*$/.test(typed)) {
      return this.people.commands.filter((each) => each.command.startsWith(typed))
        .map((each) => ({ word: `${each.command} `, label: each.command, note: [each.usage, each.description].filter(Boolean).join("  ·  "), from: 0 }));
    }
    const at = /(?:^|\s)@(\w*)$/.exec(typed);
    if (!at) return [];
    const start = at[1].toLowerCase();
    return [...this.people.users.values()].filter((user) => `${user.name} ${user.real_name}`.toLowerCase().split(" ").some((name) => name.startsWith(start)))
      .map((user) => ({ word: `@${user.is_bot ? user.real_name : user.name} `, label: `@${user.name}`, note: user.real_name, from: typed.length - at[1].length - 1 }));
  }

  draw() {
    this.node.hidden = this.items.length === 0;
    this.node.replaceChildren(...this.items.map((item, index) =>
      h("div", { class: "offer", role: "option", "aria-selected": String(index === this.at), on: { mousedown: (event) => {
        event.preventDefault();
        this.take(item);
      } } }, h("strong", {}, item.label), h("span", { class: "menu-note" }, item.note))));
  }

  hide() {
    this.items = [];
    this.draw();
  }

  take(item) {
    const { box } = this;
    box.value = box.value.slice(0, item.from) + item.word + box.value.slice(box.selectionStart);
    box.focus();
    this.hide();
  }

  /** True when the list handled the key. Enter on a complete word goes to the composer. */
  key(event) {
    if (this.node.hidden) return false;
    const item = this.items[this.at];
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      this.at = (this.at + move + this.items.length) % this.items.length;
      this.draw();
    } else if (event.key === "Escape") {
      this.hide();
    } else if (event.key === "Tab" || (event.key === "Enter" && this.box.value.slice(item.from).trim() !== item.word.trim())) {
      this.take(item);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }
}
