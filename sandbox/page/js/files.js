/** Render a message's file: a picture is shown, anything else is named. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const PICTURES = new Set(["image/gif", "image/jpeg", "image/png", "image/webp"]);
const UNITS = [[1_000_000, "MB"], [1_000, "KB"], [1, "bytes"]];

const sizeOf = (bytes) => {
  const [unit, name] = UNITS.find(([least]) => bytes >= least) ?? UNITS.at(-1);
  return `${(bytes / unit).toFixed(unit === 1_000_000 ? 1 : 0)} ${name}`;
};

/** `ctx.fileAddress(file)` returns its download address for the acting person. */
export function fileNode(file, ctx) {
  const name = file.title || file.name;
  const address = ctx.fileAddress?.(file);
  const label = [icon("clip"), h("span", { class: "file-name", dir: "auto" }, name), h("span", { class: "file-size" }, sizeOf(file.size))];
  if (!address) return h("p", { class: "file" }, label);
  const picture = PICTURES.has(file.mimetype) && h("img", { class: "file-picture", src: address, alt: file.alt_txt || name, loading: "lazy" });
  return h("div", { class: "shared" },
    h("a", { class: "file", href: address, target: "_blank", rel: "noopener noreferrer", title: name }, label),
    picture);
}
