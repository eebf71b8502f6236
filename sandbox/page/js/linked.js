/** Plain text as networks and mail programs show it: what stands out in it, and addresses that can be followed. */

import { h, lines, link } from "./dom.js";

// What ends a sentence does not belong to the address before it.
const ADDRESS = String.raw`https?:\/\/[^\s|<>]*[^\s|<>.,;:!?)\]'"]`;
const IN_POST = new RegExp(String.raw`(${ADDRESS}|[@#][\p{L}\p{N}_]+)`, "u");
const IN_MAIL = new RegExp(`(${ADDRESS})`, "u");

/** The text of a post or a message: names, tags and addresses stand out. */
export function linked(text, pattern = IN_POST) {
  return text.split(pattern).map((part, index) => {
    if (index % 2 === 0) return part;
    return part.startsWith("http") ? link(part, { class: "post-link" }, part.replace(/^https?:\/\//, "")) : h("span", { class: "post-link" }, part);
  });
}

/** The text of a mail: only addresses do. */
export function mailed(text) {
  return lines(text).flatMap((line) => (typeof line === "string" ? linked(line, IN_MAIL) : line));
}
