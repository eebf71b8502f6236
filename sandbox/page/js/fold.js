/** Collapse very long texts. */

import { h } from "./dom.js";

/** Return `words` as it is, or collapsed with a "Show more" when longer than `most` characters. */
export function folding(words, most) {
  if (words.textContent.length <= most) return [words];
  words.classList.add("folded");
  const more = h("button", { type: "button", class: "show-more", "aria-expanded": "false", on: { click: () => {
    const folded = words.classList.toggle("folded");
    more.textContent = folded ? "Show more" : "Show less";
    more.setAttribute("aria-expanded", String(!folded));
  } } }, "Show more");
  return [words, more];
}
