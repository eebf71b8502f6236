/** "Was this solved?": one tap, words for whoever has some, and the conversation by e-mail for whoever wants it. */

import { post } from "./api.js";
import { byId, h, page, words } from "./dom.js";

export class Rating {
  #place = byId("rating");
  #left;
  #mailing;
  #solved = null;

  /** `left` is called when the customer goes back to the chat. */
  constructor(left, mailing) {
    this.#left = left;
    this.#mailing = mailing;
    this.#place.addEventListener("keydown", (event) => { if (event.key === "Escape") this.hide(); });
  }

  get isShown() { return !this.#place.hidden; }

  /** Whether what is shown, or was shown last, thanks for an answer. */
  get isAnswered() { return this.#solved !== null; }

  /** Ask. `focus` where the customer wanted it themselves. */
  ask(focus) {
    this.#solved = null;
    const heading = h("h2", { tabindex: "-1" }, words.solved_question);
    this.#show(
      heading,
      h("div", { class: "row" },
        h("button", { type: "button", class: "strong", click: () => this.#answer(true) }, words.solved_yes),
        h("button", { type: "button", class: "quiet", click: () => this.#answer(false) }, words.solved_no)),
      this.#ways(),
      this.#said(""),
    );
    if (focus) heading.focus();
  }

  hide() {
    this.#place.hidden = true;
    this.#left();
  }

  async #answer(solved) {
    this.#solved = solved;
    if (!(await this.#post(""))) return;
    const thanks = h("h2", { tabindex: "-1" }, solved ? words.solved_thanks : words.unsolved_thanks);
    const comment = h("textarea", { rows: "2", id: "comment", maxlength: String(page.longest_comment) });
    const send = (event) => { event.preventDefault(); this.#comment(comment.value.trim()); };
    this.#show(
      thanks,
      h("form", { submit: send },
        h("label", { for: "comment" }, words.comment_label),
        comment,
        h("button", { type: "submit", class: "quiet" }, words.comment_send)),
      this.#ways(),
      this.#said(""),
    );
    thanks.focus();
  }

  async #comment(comment) {
    if (!comment || !(await this.#post(comment))) return;
    const thanks = h("h2", { tabindex: "-1" }, words.comment_thanks);
    this.#show(thanks, this.#ways());
    thanks.focus();
  }

  /** Offer the conversation by e-mail. */
  mail() {
    const heading = h("h2", { tabindex: "-1" }, words.transcript_request);
    this.#show(heading, this.#mailing.form(), this.#back());
    heading.focus();
  }

  async #post(comment) {
    try {
      await post("solved", { solved: this.#solved, comment });
      return true;
    } catch (error) {
      this.#place.querySelector(".problem").textContent = error.word ? error.message : words.offline;
      return false;
    }
  }

  #show(...children) {
    this.#place.replaceChildren(...children);
    this.#place.hidden = false;
  }

  #ways() {
    const mail = page.mails ? h("button", { type: "button", class: "link", click: () => this.mail() }, words.transcript_request) : "";
    return h("div", { class: "row" }, mail, this.#back());
  }

  #back() {
    return h("button", { type: "button", class: "link", click: () => this.hide() }, words.back_to_chat);
  }

  #said(text) {
    return h("p", { class: "problem", role: "alert" }, text);
  }
}
