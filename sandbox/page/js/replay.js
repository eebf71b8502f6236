/** Pause and speed controls of the mention replay. */

import { replay as api } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./toast.js";

const SPEEDS = [0.5, 1, 2, 5, 10, 60];
const LOOK_AGAIN = 10_000;

export class Replay {
  constructor(holder) {
    this.holder = holder;
    this.toggle = h("button", { type: "button", class: "plain replay-toggle", data: { testid: "replay-toggle" }, on: { click: () => this.change({ paused: !this.state.paused }) } });
    this.speed = h("select", { class: "replay-speed", "aria-label": "Speed of arriving posts", data: { testid: "replay-speed" }, on: { change: () => this.change({ speed: Number(this.speed.value) }) } },
      SPEEDS.map((speed) => h("option", { value: String(speed) }, `${speed}×`)));
    this.words = h("span", { class: "replay-words" });
    holder.append(this.toggle, this.words, this.speed);
    setInterval(() => document.hidden || this.look(), LOOK_AGAIN);
  }

  /** Hidden without a replay. */
  async look() {
    try {
      this.show(await api.read());
    } catch {
      this.holder.hidden = true;
    }
  }

  async change(values) {
    try {
      this.show(await api.change(values));
    } catch (error) {
      complain(error);
    }
  }

  show(state) {
    this.state = state;
    this.holder.hidden = !state.set;
    this.toggle.replaceChildren(icon(state.paused ? "play" : "pause"));
    this.toggle.setAttribute("aria-label", state.paused ? "Let posts arrive" : "Pause arriving posts");
    this.toggle.title = this.toggle.getAttribute("aria-label");
    this.words.textContent = state.paused ? "Posts paused" : "Posts arriving";
    this.holder.classList.toggle("paused", Boolean(state.paused));
    const speed = String(state.speed);
    if (![...this.speed.options].some((option) => option.value === speed)) this.speed.append(h("option", { value: speed }, `${speed}×`));
    this.speed.value = speed;
  }
}
