/** Picture picker: `chosen` is `{name, type, data}` with the data in base64, or null. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { toast } from "./toast.js";

const LARGEST = 5 * 1024 * 1024;

export class Picture {
  constructor(testid) {
    this.chosen = null;
    this.file = h("input", { type: "file", class: "unseen", accept: "image/png,image/jpeg,image/gif,image/webp", "aria-label": "Picture", tabindex: "-1", data: { testid }, on: { change: () => this.choose(this.file.files[0]) } });
    this.chip = h("p", { class: "replying-chip", hidden: true });
    this.button = h("span", {}, this.file, h("button", { type: "button", class: "plain-link", on: { click: () => this.file.click() } }, "Attach a picture"));
  }

  clear() {
    this.chosen = null;
    this.file.value = "";
    this.chip.hidden = true;
  }

  choose(file) {
    if (!file) return;
    if (file.size > LARGEST) {
      toast("A picture may have 5 MB at most.", "bad");
      this.clear();
      return;
    }
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      this.chosen = { name: file.name, type: file.type, data: reader.result.slice(reader.result.indexOf(",") + 1) };
      this.chip.hidden = false;
      this.chip.replaceChildren(h("span", {}, file.name), h("button", { type: "button", class: "plain", "aria-label": "Send without the picture", on: { click: () => this.clear() } }, icon("close")));
    });
    reader.addEventListener("error", () => toast("This picture cannot be read.", "bad"));
    reader.readAsDataURL(file);
  }
}
