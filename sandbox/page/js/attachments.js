/** Files attached to the next message: chosen with the paper clip (no paste), listed above the composer. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./toast.js";

export class Attachments {
  /** `upload(file)` returns a promise of the file's id; `onChange` is called when one is added or removed. */
  constructor(upload, onChange) {
    Object.assign(this, { upload, onChange, files: [] });
    this.input = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", on: { change: () => this.take() } });
    this.button = h("span", { class: "attach" }, this.input,
      h("button", { type: "button", class: "plain", "aria-label": "Attach a file", title: "Attach a file", on: { click: () => this.input.click() } }, icon("clip")));
    this.list = h("ul", { class: "attached", "aria-label": "Attached files", hidden: true });
  }

  async take() {
    const chosen = [...this.input.files];
    this.input.value = "";
    for (const file of chosen) {
      try {
        this.files.push({ id: await this.upload(file), name: file.name });
      } catch (error) {
        complain(error);
      }
    }
    this.draw();
  }

  clear() {
    this.files = [];
    this.draw();
  }

  draw() {
    this.list.hidden = this.files.length === 0;
    this.list.replaceChildren(...this.files.map((file) => h("li", { class: "chip" }, h("span", {}, file.name),
      h("button", { type: "button", class: "plain", "aria-label": `Remove ${file.name}`, on: { click: () => {
        this.files = this.files.filter((each) => each !== file);
        this.draw();
      } } }, icon("close")))));
    this.onChange();
  }
}
