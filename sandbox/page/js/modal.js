/** One modal: a dialog rendered from a view, re-rendered when the view changes. */

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { readPlace, readState, restorePlace, restoreState } from "./fields.js";
import { icon } from "./icons.js";
import { problems } from "./validate.js";

export class Modal {
  /** `depth` is 0 at the bottom; `onSubmit(values)` resolves to `{errors?}`; `onClose()` closes the view. */
  constructor(view, { desk, depth, onSubmit, onClose }) {
    Object.assign(this, { desk, depth, onSubmit, onClose, errors: {} });
    this.body = h("div", { class: "modal-body", data: { surface: "modal" }, on: { input: (event) => this.touched(event.target) } });
    this.form = h("form", { novalidate: true, on: { submit: (event) => {
      event.preventDefault();
      this.submit();
    } } });
    this.dialog = h("dialog", { class: `modal depth-${depth ? "more" : "first"}`, "aria-labelledby": `title-${view.id}`, data: { testid: "modal" } }, this.form);
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      onClose();
    });
    this.show(view);
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.focusFirst();
  }

  show(view) {
    const [state, place] = [readState(this.body), readPlace(this.body, this.body)];
    const isAnother = this.view && this.view.callback_id !== view.callback_id;
    this.view = view;
    this.dialog.dataset.viewId = view.id;
    this.dialog.dataset.callbackId = view.callback_id ?? "";
    const act = (action, node) => this.holds(action) && this.desk.act(action, node, { view_id: view.id });
    this.body.replaceChildren(blocks(view.blocks, { people: this.desk.people, act }));
    this.form.replaceChildren(this.head(view), this.body, this.foot(view));
    restoreState(this.body, state);
    if (isAnother) this.begin();
    else restorePlace(this.body, this.body, place);
    this.markErrors();
  }

  /** Whether the element is still shown: what was typed right before the view changed is told no more. */
  holds(action) {
    return this.view.blocks.some((block) => block.block_id === action.block_id);
  }

  /** Another form or list has taken the place of the one before: show it from its top. */
  begin() {
    this.body.scrollTop = 0;
    this.focusFirst();
  }

  head(view) {
    const [name, label] = this.depth ? ["back", "Back"] : ["close", "Close"];
    return h("header", { class: "modal-head" },
      this.depth > 0 && this.giveUp(name, label),
      h("h2", { id: `title-${view.id}` }, withEmoji(view.title.text)),
      this.depth === 0 && this.giveUp(name, label));
  }

  giveUp(name, label) {
    return h("button", { type: "button", class: "plain", "aria-label": label, on: { click: () => this.onClose() } }, icon(name));
  }

  foot(view) {
    this.submitButton = view.submit && h("button", { type: "submit", class: "btn primary", data: { testid: "submit" } }, withEmoji(view.submit.text));
    const close = h("button", { type: "button", class: "btn", data: { testid: "close" }, on: { click: () => this.onClose() } }, withEmoji(view.close?.text ?? (view.submit ? "Cancel" : "Close")));
    return h("footer", { class: "modal-foot" }, close, this.submitButton);
  }

  focusFirst() {
    const wanted = this.body.querySelector("[autofocus]") ?? this.body.querySelector(".block-input :is(input, textarea, select, button)");
    (wanted ?? this.dialog).focus();
    if (typeof wanted?.selectionStart === "number") wanted.setSelectionRange(wanted.value.length, wanted.value.length);
  }

  async submit() {
    const button = this.submitButton;
    if (!button || button.getAttribute("aria-busy")) return;
    const values = readState(this.body);
    const wrong = problems(this.view, values);
    this.showErrors(wrong);
    if (Object.keys(wrong).length) return;
    button.setAttribute("aria-busy", "true");
    try {
      const { errors } = await this.onSubmit(values);
      if (errors) this.showErrors(errors);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  /** Mark the invalid fields and focus the first. */
  showErrors(errors) {
    this.errors = { ...errors };
    const first = this.markErrors();
    first?.focus();
    first?.scrollIntoView({ block: "nearest" });
  }

  /** An error is kept, through re-rendering, until its field changes or the view is submitted again. */
  touched(field) {
    delete this.errors[field.closest("[data-block-id]")?.dataset.blockId];
    this.markErrors();
  }

  /** Return the first field with an error. */
  markErrors() {
    let first = null;
    for (const block of this.body.querySelectorAll(".block-input")) {
      const words = this.errors[block.dataset.blockId];
      const note = block.querySelector(".error");
      const field = block.querySelector("[aria-describedby]");
      note.textContent = words ?? "";
      note.hidden = !words;
      if (words) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      if (words) first ??= field;
    }
    return first;
  }

  close() {
    this.dialog.close();
    this.dialog.remove();
  }
}
