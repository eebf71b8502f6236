/** The conversation by e-mail: one address, which is used for nothing else. */

import { post } from "./api.js";
import { h, page, say, words } from "./dom.js";

export class Mailing {
  #status = h("p", { class: "mailed", role: "status" });

  /** The form; what became of the mail stands below it. */
  form() {
    const address = h("input", { type: "email", id: "address", autocomplete: "email", maxlength: String(page.longest_address), "aria-describedby": "address-note address-problem" });
    const problem = h("p", { class: "problem", id: "address-problem", role: "alert" });
    const send = h("button", { type: "submit", class: "strong" }, words.transcript_send);
    const submit = async (event) => {
      event.preventDefault();
      send.disabled = true;
      problem.textContent = await this.#send(address.value.trim());
      address.toggleAttribute("aria-invalid", problem.textContent !== "");
      send.disabled = false;
      if (problem.textContent) address.focus();
    };
    return h("form", { novalidate: true, submit },
      h("label", { for: "address" }, words.transcript_address),
      address,
      h("p", { class: "note", id: "address-note" }, words.transcript_note),
      problem,
      send,
      this.#status);
  }

  /** What became of the mail that was asked for. */
  show({ address, state }) {
    const told = say(`transcript_${state}`, { address });
    if (this.#status.textContent !== told) this.#status.textContent = told;
  }

  /** Ask for it; says what is wrong, nothing where all is well. */
  async #send(address) {
    try {
      this.show(await post("transcript", { address }));
      return "";
    } catch (error) {
      return error.word ? error.message : words.offline;
    }
  }
}
