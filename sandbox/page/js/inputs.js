/** Input fields: text, e-mail, URL, number. */

import { debounce, h } from "./dom.js";
import { bind } from "./fields.js";

const TYPING_PAUSE = 250;
const KINDS = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };
const COUNT_FROM = 0.8;

export function textInput(item, slot) {
  const field = h(item.multiline ? "textarea" : "input", {
    type: item.multiline ? undefined : KINDS[item.type],
    class: "field",
    dir: "auto",
    rows: item.multiline ? 5 : undefined,
    placeholder: item.placeholder?.text,
    minlength: item.min_length,
    maxlength: item.max_length,
    inputmode: item.type === "number_input" ? (item.is_decimal_allowed ? "decimal" : "numeric") : undefined,
    autofocus: item.focus_on_load,
    "aria-label": slot.input ? undefined : item.placeholder?.text ?? "Text",
    autocomplete: "off",
    value: item.initial_value ?? "",
    data: slot.data,
  });
  bind(field, {
    read: () => ({ type: item.type, value: field.value === "" ? null : field.value }),
    write: (state) => { field.value = state.value ?? ""; },
  });
  if (slot.speaks) speak(field, item, slot);
  return item.max_length ? counted(field, item.max_length) : field;
}

/** Dispatch when Slack does: on Enter, and on each character when the element is configured so. */
function speak(field, item, slot) {
  const when = item.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = () => slot.send(field, { value: field.value });
  if (when.includes("on_character_entered")) field.addEventListener("input", debounce(TYPING_PAUSE, send));
  if (when.includes("on_enter_pressed")) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      send();
    });
  }
}

/** Show the remaining characters near the limit. */
function counted(field, most) {
  const count = h("span", { class: "count", "aria-hidden": "true" });
  const draw = () => { count.textContent = field.value.length >= most * COUNT_FROM ? `${most - field.value.length} left` : ""; };
  field.addEventListener("input", draw);
  draw();
  return h("div", { class: "counted" }, field, count);
}
