/** Where the conversation stands: who is there, whether they know who we talk to, and whether it has ended. */

import { byId, h, page, say, words } from "./dom.js";

const SOON = new Intl.DateTimeFormat(page.language, { weekday: "long", hour: "2-digit", minute: "2-digit" });
const TYPING_MS = 8_000;

export class Standing {
  #typing = 0;
  #here = "";
  #proof = "";
  #state = null;
  #answered = false;

  /** Show this state. */
  show(state) {
    this.#state = state;
    this.#here = state.here;
    this.#showPresence();
    byId("ended").hidden = state.open;
    byId("ended-text").textContent = words[`ended_${state.goes_on}`] ?? words.ended;
    const proof = state.open && state.proof ? state.proof.code : "";
    if (proof === this.#proof) return;
    this.#proof = proof;
    byId("proof").hidden = !proof && !state.verified;
    byId("proof").replaceChildren(...(proof ? drawProof(state.proof) : [h("p", { class: "known", role: "status" }, words.verified)]));
  }

  /** Our first line in this chat has come: how long it takes is known now. */
  answered() {
    this.#answered = true;
    if (this.#state) this.#showPresence();
  }

  /** Somebody of ours is writing. */
  typing() {
    byId("typing").textContent = say("typing", { name: this.#here || words.unnamed_agent });
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.quiet(), TYPING_MS);
  }

  quiet() {
    clearTimeout(this.#typing);
    byId("typing").textContent = "";
  }

  #showPresence() {
    const { here, open, opens_at } = this.#state;
    byId("presence").textContent = open ? this.#whoAndWhen(opens_at) : "";
    byId("presence").classList.toggle("there", open && Boolean(here) && !opens_at);
  }

  #whoAndWhen(opensAt) {
    if (opensAt) return say("outside_hours", { when: SOON.format(new Date(opensAt)) });
    if (!this.#here) return page.waiting;
    const here = say("agent_present", { name: this.#here });
    return this.#answered ? here : `${here} · ${page.waiting}`;
  }
}

function drawProof({ code, handle, url }) {
  const said = h("span", { role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      said.textContent = words.code_copied;
    } catch { /* it can be copied by hand */ }
  };
  return [h(
    "details",
    {},
    h("summary", {}, words.verify),
    h("p", {}, say("verify_instructions", { handle })),
    h("p", { class: "code" }, h("code", {}, code)),
    h("p", { class: "row" },
      h("button", { type: "button", class: "quiet", click: copy }, words.copy_code),
      url ? h("a", { class: "quiet", href: url, target: "_blank", rel: "noopener noreferrer" }, say("verify_open_dm", { handle })) : "",
      said),
  )];
}
