/** Elements made of text alone: whatever anybody wrote becomes text nodes, never markup. */

export const page = JSON.parse(document.body.dataset.page);
export const words = page.words;
export const byId = (id) => document.getElementById(id);

/** An element with properties (`class`, `data-…` and `aria-…` as attributes) and children, which are elements or strings. */
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

/** A sentence with its gaps filled: `say("agent_present", {name})`. */
export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, gap) => values[gap] ?? "");
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing of one stroke. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const stroke = document.createElementNS(SVG, "path");
  stroke.setAttribute("d", path);
  svg.append(stroke);
  return svg;
}

const ADDRESS = /https?:\/\/[^\s<>"'“”]+[^\s<>"'“”.,;:!?)\]]/g;

/** Text, with web addresses that can be followed; each shows where it leads. */
export function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    parts.push(text.slice(end, found.index), h("a", { href: found[0], target: "_blank", rel: "noopener noreferrer nofollow" }, found[0]));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

/** The text without links into this very chat: whoever reads it is here. */
export function withoutOwnLink(text) {
  const own = `${location.origin}${location.pathname}#`;
  return text.replace(/https?:\/\/\S+/g, (url) => (url.startsWith(own) ? "" : url)).trim();
}

/** What the tab remembers through a reload; nothing where the browser refuses. */
export const memory = {
  get(key) {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* private windows may refuse */ }
  },
};
