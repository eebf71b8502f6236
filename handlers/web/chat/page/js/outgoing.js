/** What is being sent: one after the other, again under the same key until the server has it, and through a reload. */

import { Lost, newKey, post, postFile } from "./api.js";
import { memory, words } from "./dom.js";

const AGAIN_MS = 3_000;

export class Outgoing {
  #lines;
  #store;
  #waiting = [];
  #busy = false;
  #timer = 0;

  constructor(lines, chat) {
    this.#lines = lines;
    this.#store = `switchboard-unsent-${chat}`;
    for (const { key, text } of memory.get(this.#store) ?? []) this.#take({ key, text });
  }

  /** Send a text. */
  say(text) { this.#take({ key: newKey(), text }); }

  /** Send a file. */
  give(file) { this.#take({ key: newKey(), text: "", file }); }

  /** Try what waits; called when a connection is there. */
  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    while (this.#waiting.length) {
      const one = this.#waiting[0];
      this.#lines.note(one.key, words.sending);
      try {
        const { id, at } = one.file ? await postFile(one.key, one.file) : await post("messages", one);
        this.#waiting.shift();
        this.#lines.sent(one.key, id, at);
      } catch (error) {
        if (error instanceof Lost) {
          for (const { key } of this.#waiting) this.#lines.note(key, words.waiting_to_send);
          this.#timer = setTimeout(() => this.flush(), AGAIN_MS);
          break;
        }
        this.#waiting.shift();
        this.#lines.note(one.key, `${words.not_sent} ${error.message}`, () => this.#retry(one));
      }
      this.#keep();
    }
    this.#busy = false;
  }

  #take(one) {
    this.#lines.pend(one.key, one.text, one.file);
    this.#retry(one);
  }

  #retry(one) {
    this.#waiting.push(one);
    this.#keep();
    this.flush();
  }

  #keep() {
    memory.set(this.#store, this.#waiting.filter((one) => !one.file).map(({ key, text }) => ({ key, text })));
  }
}
