/** News from the server. Whatever breaks, it goes on after the last line that arrived. */

import { about } from "./api.js";

const SILENT_MS = 45_000; // the server says something every 15 s
const LONGEST_WAIT_MS = 15_000;

export class Stream {
  #source = null;
  #after = 0;
  #wait = 500;
  #again = 0;
  #silence = 0;
  #opened = false;
  #tell;

  /** `tell` has `line`, `state`, `typing`, `gone`, `up`, `down`, and `fails`, which looks why no connection comes to be. */
  constructor(tell) {
    this.#tell = tell;
    addEventListener("offline", () => this.#drop());
    addEventListener("online", () => this.open(this.#after));
    addEventListener("pageshow", (event) => event.persisted && this.open(this.#after));
  }

  /** Listen for what comes after this line. */
  open(after) {
    this.close();
    this.#after = Math.max(this.#after, after);
    const source = new EventSource(about("events", { after: this.#after }));
    this.#source = source;
    this.#opened = false;
    const hear = (name, act) => source.addEventListener(name, (event) => {
      this.#heard();
      act(JSON.parse(event.data), event);
    });
    source.onopen = () => { this.#opened = true; this.#wait = 500; this.#heard(); this.#tell.up(); };
    source.onerror = () => this.#drop();
    hear("line", (line) => { this.#after = Math.max(this.#after, line.id); this.#tell.line(line); });
    hear("state", this.#tell.state);
    hear("typing", this.#tell.typing);
    hear("still", () => {});
    hear("gone", () => { this.close(); this.#tell.gone(); });
    this.#heard();
  }

  /** Listen no more. */
  close() {
    clearTimeout(this.#again);
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = null;
  }

  #heard() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#drop(), SILENT_MS);
  }

  #drop() {
    this.close();
    this.#tell.down();
    // What the server answers is kept from scripts here: whether the chat is gone, a plain request has to ask.
    if (!this.#opened) this.#tell.fails();
    this.#again = setTimeout(() => this.open(this.#after), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }
}
