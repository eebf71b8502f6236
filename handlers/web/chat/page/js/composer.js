/** The input form: text, file, length check. What is typed survives a reload. */

import { byId, formatText, page, tabStorage, words } from "./dom.js";

const MAX_HEIGHT = 160; // pixels

export class Composer {
  #form = byId("composer");
  #text = byId("text");
  #file = byId("file");
  #error = byId("composer-error");
  #sendQueue;
  #storageKey;
  #onText;

  /** `onText` is called with each text that is sent. */
  constructor(sendQueue, chatId, onText) {
    this.#sendQueue = sendQueue;
    this.#onText = onText;
    this.#storageKey = `switchboard-draft-${chatId}`;
    this.#text.value = tabStorage.get(this.#storageKey) || this.#text.value;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.#text.addEventListener("input", () => this.#onInput());
    this.#text.addEventListener("keydown", (event) => this.#onKey(event));
    this.#file.addEventListener("change", () => this.#onFile());
    this.#onInput();
  }

  get hasFocus() { return document.activeElement === this.#text; }

  get hasText() { return this.#text.value.trim() !== ""; }

  focus() { this.#text.focus(); }

  show(shown) { this.#form.hidden = !shown; }

  /** Send on Enter, except on touch screens: their keyboards have no Shift+Enter for a new line. */
  #onKey(event) {
    const isTouch = matchMedia("(pointer: coarse)").matches;
    // Safari ends a composition before the Enter that confirms it, which has the code 229 alone.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing || isTouch) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.#text.value.trim();
    if (!text || this.#charactersOverLimit(text)) return;
    this.#text.value = "";
    this.#onInput();
    this.#sendQueue.addText(text);
    this.#onText(text);
    this.focus();
  }

  #onFile() {
    const [file] = this.#file.files;
    this.#file.value = "";
    if (!file) return;
    const isTooLarge = file.size > page.max_file_size;
    this.#error.textContent = isTooLarge ? words.refused_file_too_large : "";
    if (!isTooLarge) this.#sendQueue.addFile(file);
  }

  #onInput() {
    tabStorage.set(this.#storageKey, this.#text.value);
    const count = this.#charactersOverLimit(this.#text.value.trim());
    this.#error.textContent = count ? formatText("characters_over_limit", { count }) : "";
    this.#text.toggleAttribute("aria-invalid", count > 0);
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, MAX_HEIGHT)}px`;
  }

  #charactersOverLimit(text) {
    // The server counts code points, not UTF-16 units.
    return Math.max(0, [...text].length - page.max_message_length);
  }
}
