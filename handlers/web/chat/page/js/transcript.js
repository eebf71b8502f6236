/** The form that requests the transcript by e-mail, and the state of that mail. */

import { post, Refusal } from "./api.js";
import { formatText, h, page, words } from "./dom.js";

export class TranscriptForm {
  #state = h("p", { class: "transcript-status", role: "status" });

  /** Create the form, with the state of the last requested mail below it. */
  create() {
    this.#state.hidden = false;
    const address = h("input", {
      type: "email", id: "address", autocomplete: "email", maxlength: String(page.max_address_length),
      "aria-describedby": "address-hint address-error",
    });
    const error = h("p", { class: "error", id: "address-error", role: "alert" });
    const send = h("button", { type: "submit", class: "primary" }, words.transcript_send);
    const submit = async (event) => {
      event.preventDefault();
      send.disabled = true;
      error.textContent = await this.#request(address.value.trim());
      address.toggleAttribute("aria-invalid", error.textContent !== "");
      // "Sent to …" beside a refusal would read as if the refused address had been written to.
      this.#state.hidden = error.textContent !== "";
      send.disabled = false;
      if (error.textContent) address.focus();
    };
    return h("form", { novalidate: true, submit },
      h("label", { for: "address" }, words.transcript_address),
      address,
      h("p", { class: "hint", id: "address-hint" }, words.transcript_note),
      error,
      send,
      this.#state);
  }

  /** Show the state of the requested mail. */
  showState({ address, state }) {
    const text = formatText(`transcript_${state}`, { address });
    // An equal text, written again, would be announced again by screen readers.
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }

  /** Request the mail; return the error's text, or "" if there is none. */
  async #request(address) {
    try {
      const time_zone = new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
      this.showState(await post("transcript", { address, language: page.language, time_zone }));
      return "";
    } catch (error) {
      return error instanceof Refusal ? error.message : words.offline;
    }
  }
}
