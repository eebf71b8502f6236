/** The rating: "Was this solved?", an optional comment, and the transcript by e-mail. */

import { post, Refusal } from "./api.js";
import { byId, h, page, words } from "./dom.js";

export class Rating {
  #panel = byId("rating");
  #onClosed;
  #transcript;
  #solved = null;

  /** `onClosed` is called when the customer goes back to the chat. */
  constructor(onClosed, transcript) {
    this.#onClosed = onClosed;
    this.#transcript = transcript;
    this.#panel.addEventListener("keydown", (event) => { if (event.key === "Escape") this.hide(); });
  }

  get isShown() { return !this.#panel.hidden; }

  /** Whether the question that was shown last has been answered. */
  get isAnswered() { return this.#solved !== null; }

  /** Ask. Set `focus` only if the customer opened the panel: else it would interrupt their typing. */
  ask(focus) {
    this.#solved = null;
    // What appears by itself is read aloud, once the customer pauses; what has the focus is anyway.
    this.#panel.setAttribute("aria-live", focus ? "off" : "polite");
    const heading = h("h2", { tabindex: "-1" }, words.solved_question);
    this.#show(
      heading,
      h("div", { class: "row" },
        h("button", { type: "button", class: "primary", click: () => this.#answer(true) }, words.solved_yes),
        h("button", { type: "button", class: "secondary", click: () => this.#answer(false) }, words.solved_no)),
      this.#links(),
      this.#errorText(),
    );
    if (focus) heading.focus();
  }

  focus() { this.#panel.querySelector("h2").focus(); }

  hide() {
    this.#panel.hidden = true;
    this.#onClosed();
  }

  async #answer(solved) {
    this.#solved = solved;
    if (!(await this.#post(""))) return;
    const thanks = h("h2", { tabindex: "-1" }, solved ? words.solved_thanks : words.unsolved_thanks);
    const comment = h("textarea", { rows: "2", id: "comment", dir: "auto", maxlength: String(page.max_comment_length) });
    const submit = (event) => { event.preventDefault(); this.#sendComment(comment.value.trim()); };
    this.#show(
      thanks,
      h("form", { submit },
        h("label", { for: "comment" }, words.comment_label),
        comment,
        h("button", { type: "submit", class: "secondary" }, words.comment_send)),
      this.#links(),
      this.#errorText(),
    );
    thanks.focus();
  }

  async #sendComment(comment) {
    if (!comment || !(await this.#post(comment))) return;
    const thanks = h("h2", { tabindex: "-1" }, words.comment_thanks);
    this.#show(thanks, this.#links());
    thanks.focus();
  }

  /** Show the form that requests the transcript. */
  askForTranscript() {
    const heading = h("h2", { tabindex: "-1" }, words.transcript_request);
    this.#show(heading, this.#transcript.create(), this.#backButton());
    heading.focus();
  }

  async #post(comment) {
    try {
      await post("rating", { solved: this.#solved, comment });
      return true;
    } catch (error) {
      this.#panel.querySelector(".error").textContent =
        error instanceof Refusal ? error.message : words.offline;
      return false;
    }
  }

  #show(...children) {
    this.#panel.replaceChildren(...children);
    this.#panel.hidden = false;
  }

  #links() {
    const askForTranscript = () => this.askForTranscript();
    const transcript = page.can_mail_transcript
      ? h("button", { type: "button", class: "link", click: askForTranscript }, words.transcript_request)
      : "";
    return h("div", { class: "row" }, transcript, this.#backButton());
  }

  #backButton() {
    return h("button", { type: "button", class: "link", click: () => this.hide() }, words.back_to_chat);
  }

  #errorText() {
    return h("p", { class: "error", role: "alert" });
  }
}
