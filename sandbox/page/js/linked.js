/** Render plain text with highlighted names and tags, and with links. */

import { h, lines, link } from "./dom.js";

// Punctuation at the end of a sentence does not belong to the URL before it. A name begins a word: the
// "@example" of an e-mail address is none.
const ADDRESS = String.raw`https?:\/\/[^\s|<>]*[^\s|<>.,;:!?)\]'"]`;
const IN_POST = new RegExp(String.raw`(${ADDRESS}|(?<![\p{L}\p{N}_])[@#][\p{L}\p{N}_]+)`, "u");
const IN_MAIL = new RegExp(`(${ADDRESS})`, "u");

/** Render the text of a post or a message: names, tags and URLs. */
export function linked(text, pattern = IN_POST) {
  return text.split(pattern).map((part, index) => {
    if (index % 2 === 0) return part;
    return part.startsWith("http") ? link(part, { class: "post-link" }, part.replace(/^https?:\/\//, "")) : h("span", { class: "post-link" }, part);
  });
}

/** Render the text of a mail: only URLs. */
export function mailed(text) {
  return lines(text).flatMap((line) => (typeof line === "string" ? linked(line, IN_MAIL) : line));
}
