/** Very long texts are folded until somebody asks for the rest. */

import { h } from "./dom.js";

/** `words` as it is, or folded with a "Show more" below when it has more than `most` characters. */
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
