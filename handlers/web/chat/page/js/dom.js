/** Build elements from text nodes only, never from markup (XSS); read the page's data and texts. */

export const page = JSON.parse(document.body.dataset.page);
export const words = page.words;
/** The browser's own variant of the page's language, for dates: British English is not American. */
export const locale = navigator.languages.find(isOfPage) ?? page.language;
export const byId = (id) => document.getElementById(id);

/** Chrome on Linux may have a language that is none, "en-US@posix": with it no date can be formatted. */
function isOfPage(language) {
  try {
    return new Intl.Locale(language).language === page.language;
  } catch {
    return false;
  }
}

/**
 * Create an element. Functions in `properties` become event listeners, other values attributes.
 * `children` are elements or strings.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

/** Return a text with its placeholders filled: `formatText("agent_present", { name })`. */
export function formatText(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, placeholder) => values[placeholder] ?? "");
}

const SVG = "http://www.w3.org/2000/svg";

/** Create an SVG icon of one path. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const stroke = document.createElementNS(SVG, "path");
  stroke.setAttribute("d", path);
  svg.append(stroke);
  return svg;
}

const URL_PATTERN = /https?:\/\/[^\s<>"'“”]+[^\s<>"'“”.,;:!?)\]]/g;
const LINK_ATTRIBUTES = { target: "_blank", rel: "noopener noreferrer nofollow" };

/** Split a text into strings and links. A link's text is its URL, so that it cannot disguise its target. */
export function linkify(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(URL_PATTERN)) {
    const [url] = match;
    parts.push(text.slice(end, match.index), h("a", { href: url, ...LINK_ATTRIBUTES }, url));
    end = match.index + url.length;
  }
  return [...parts, text.slice(end)];
}

/** Remove links to this chat page, which are of no use to a customer who has it open. */
export function stripChatLinks(text) {
  const chatLink = `${location.origin}${location.pathname}#`;
  return text.replace(/https?:\/\/\S+/g, (url) => (url.startsWith(chatLink) ? "" : url)).trim();
}

/** Session storage of this tab, which survives a reload. Browsers may block it: then `get` returns `null`. */
export const tabStorage = {
  get(key) {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* blocked or full */ }
  },
};
