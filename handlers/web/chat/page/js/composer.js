/** Where the customer writes. */

import { byId, page, say, words } from "./dom.js";

const TALLEST = 160; // pixels

export class Composer {
  #form = byId("composer");
  #text = byId("text");
  #file = byId("file");
  #problem = byId("problem");
  #outgoing;

  constructor(outgoing) {
    this.#outgoing = outgoing;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.#text.addEventListener("input", () => this.#look());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#file.addEventListener("change", () => this.#give());
    this.#look();
  }

  focus() { this.#text.focus(); }

  show(shown) { this.#form.hidden = !shown; }

  /** Enter sends where there is a keyboard; on a phone it begins a line, and the button sends. */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.#text.value.trim();
    if (!text || this.#tooMany(text)) return;
    this.#text.value = "";
    this.#look();
    this.#outgoing.say(text);
    this.focus();
  }

  #give() {
    const [file] = this.#file.files;
    this.#file.value = "";
    if (!file) return;
    this.#problem.textContent = file.size > page.largest ? words.refused_file_too_large : "";
    if (file.size <= page.largest) this.#outgoing.give(file);
  }

  #look() {
    const many = this.#tooMany(this.#text.value.trim());
    this.#problem.textContent = many ? say("characters_over_limit", { count: many }) : "";
    this.#text.toggleAttribute("aria-invalid", many > 0);
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, TALLEST)}px`;
  }

  #tooMany(text) {
    return Math.max(0, [...text].length - page.longest);
  }
}
