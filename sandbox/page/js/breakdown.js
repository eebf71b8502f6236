/** "Break something": let payments fail, about which hundreds of customers write. */

import { breakdown as api } from "./api.js";
import { h } from "./dom.js";
import { poll } from "./poll.js";
import { complain } from "./toast.js";

const EVERY_MS = 3_000;

export class Breakdown {
  /** `onBroken()` is called when the visitor breaks something; `more` stands beside the button. */
  constructor(onBroken, more) {
    this.onBroken = onBroken;
    this.words = h("span", { class: "breakdown-words", role: "status" });
    this.button = h("button", { type: "button", class: "btn break", data: { testid: "break" }, on: { click: () => this.toggle() } });
    this.node = h("div", { class: "breakdown", hidden: true }, this.words, this.button, more);
    poll(() => this.look(), EVERY_MS);
  }

  /** Hidden where the sandbox cannot be asked. */
  async look() {
    try {
      this.show(await api.read());
    } catch {
      this.node.hidden = true;
    }
  }

  async toggle() {
    const begins = !this.running;
    try {
      this.show(await api.set(begins));
      if (begins) this.onBroken();
    } catch (error) {
      complain(error);
    }
  }

  show({ running, posted }) {
    this.running = running;
    this.node.hidden = false;
    this.node.classList.toggle("broken", running);
    this.words.textContent = running ? `${posted} posts` : "";
    this.button.textContent = running ? "Stop" : "Break something";
    this.button.title = running ? "Payments fail. Let no more posts about it arrive" : "Payments fail, and hundreds of customers write within minutes, in six languages";
  }
}
