/** A menu of what can go wrong: lost answers, refusals, an archived channel, a killed bot, a later day. */

import { faults as api } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./popover.js";
import { complain, toast } from "./toast.js";

/** Build the button. `bot` can be killed, and skip a day; `onDone(name)` is told what was chosen. */
export function faultsButton(bot, onDone) {
  const button = h("button", { type: "button", class: "btn more-faults", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More that can go wrong", title: "More that can go wrong", data: { testid: "faults" }, on: { click: () => open(button, bot, onDone) } }, icon("chevron"));
  return button;
}

async function open(button, bot, onDone) {
  try {
    const { faults } = await api.read();
    const named = faults.map(({ name, title, note, on }) => ({
      label: on ? `End: ${title}` : title,
      note: on ? "it is on now" : note,
      data: { fault: name },
      act: () => set(name, !on, title, note).then(() => onDone(name)),
    }));
    menu(button, [
      { label: "Kill the bot", note: "kill -9 in the middle of its work; it is started again, and nothing is lost", data: { fault: "kill" }, act: () => bot.kill().then(() => onDone("kill")) },
      { label: "Skip 24 hours", note: "due times pass, promises fall due; the bot starts again a day later", data: { fault: "skip" }, act: () => bot.skip().then(() => onDone("skip")) },
      ...named,
    ], { kind: "faults-menu", label: "What can go wrong" });
  } catch (error) {
    complain(error);
  }
}

async function set(name, on, title, note) {
  try {
    await api.set(name, on);
    toast(on ? `${title}: ${note}.` : `Ended: ${title}.`);
  } catch (error) {
    complain(error);
  }
}
