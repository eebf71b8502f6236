/** The input form: text, file, length check. What is typed survives a reload. */

import { byId, formatText, locale, page, tabStorage, words } from "./dom.js";

const MAX_HEIGHT = 160; // pixels
const NUMBER = new Intl.NumberFormat(locale); // in the digits of the times on the page

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
    this.#file.addEventListener("change", () => {
      this.#onFiles([...this.#file.files]);
      this.#file.value = "";
    });
    this.#text.addEventListener("paste", (event) => this.#onPaste(event));
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

  #onFiles(files) {
    const tooLarge = files.filter((file) => file.size > page.max_file_size);
    for (const file of files) if (!tooLarge.includes(file)) this.#sendQueue.addFile(file);
    this.#error.textContent = tooLarge.length ? refusal(tooLarge, files) : "";
  }

  /** Send a pasted picture. A text that is copied from Word or Excel has a picture of itself, too. */
  #onPaste(event) {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    this.#onFiles([...files]);
  }

  #onInput() {
    tabStorage.set(this.#storageKey, this.#text.value);
    const count = this.#charactersOverLimit(this.#text.value.trim());
    this.#error.textContent = count ? formatText("characters_over_limit", { count: NUMBER.format(count) }) : "";
    this.#text.toggleAttribute("aria-invalid", count > 0);
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, MAX_HEIGHT)}px`;
  }

  #charactersOverLimit(text) {
    // The server counts code points, not UTF-16 units.
    return Math.max(0, [...text].length - page.max_message_length);
  }
}

/** Say which files are too large, where they are not all. */
function refusal(tooLarge, files) {
  const reason = words.refused_file_too_large;
  return files.length > 1 ? `${tooLarge.map((file) => file.name).join(", ")}: ${reason}` : reason;
}
