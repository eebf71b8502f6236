/** The confirmation dialog of a button, a menu or a select. */

import { h } from "./dom.js";
import { text } from "./text.js";

/** True when no confirmation is required or it was given. Escape means no. */
export function confirmed(question, people) {
  if (!question) return Promise.resolve(true);
  return new Promise((settle) => {
    const yes = h("button", { type: "button", class: `btn ${question.style ?? "primary"}`, data: { answer: "yes" } }, question.confirm?.text ?? "Yes");
    const no = h("button", { type: "button", class: "btn", data: { answer: "no" } }, question.deny?.text ?? "Cancel");
    const dialog = h("dialog", { class: "modal confirm", "aria-labelledby": "confirm-title", data: { testid: "confirm" } },
      h("header", { class: "modal-head" }, h("h2", { id: "confirm-title" }, question.title.text)),
      h("div", { class: "modal-body" }, h("div", { class: "text", dir: "auto" }, text(question.text, people))),
      h("footer", { class: "modal-foot" }, no, yes));
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      settle(answer);
    };
    yes.addEventListener("click", () => finish(true));
    no.addEventListener("click", () => finish(false));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
