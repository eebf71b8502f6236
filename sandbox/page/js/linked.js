/** Plain text as networks show it: names, tags and addresses stand out, and addresses can be followed. */

import { h, link } from "./dom.js";

const LINKED = /(https?:\/\/[^\s|<>]+|[@#][\p{L}\p{N}_]+)/u;

export function linked(text) {
  return text.split(LINKED).map((part, index) => {
    if (index % 2 === 0) return part;
    return part.startsWith("http") ? link(part, { class: "post-link" }, part.replace(/^https?:\/\//, "")) : h("span", { class: "post-link" }, part);
  });
}
