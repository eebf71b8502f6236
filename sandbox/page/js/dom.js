/** Build DOM nodes. Text only becomes text nodes: untrusted text is never parsed as markup. */

const PROPERTIES = new Set(["value", "checked", "disabled", "selected", "hidden", "open", "readOnly"]);
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === undefined || value === null) return;
  if (name === "data") {
    for (const [key, item] of Object.entries(value)) if (item !== undefined && item !== null) node.dataset[key] = item;
  } else if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "style") {
    for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
  } else if (PROPERTIES.has(name)) {
    node[name] = value;
  } else if (name.startsWith("on")) {
    throw new TypeError(`listeners go through "on", not an attribute: ${name}`);
  } else if (value !== false) {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

export function fragment(...children) {
  const all = document.createDocumentFragment();
  all.append(...children.flat(Infinity).filter(Boolean));
  return all;
}

/** Return the address if it is safe to follow, else null: `javascript:`, `data:` and the like are refused. */
export function safeUrl(address) {
  try {
    const url = new URL(String(address).trim());
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Build a link to a new tab, with its real address in the title. An unsafe address leaves only the text. */
export function link(address, props, ...children) {
  const href = safeUrl(address);
  if (href === null) return h("span", props, ...children);
  return h("a", { ...props, href, title: href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Render plain text with its line breaks. */
export function lines(text) {
  return String(text ?? "").split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

export function debounce(wait, act) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), wait);
  };
}

/** Store a small value in this browser; ignored where storage is not available. */
export const memory = {
  get(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, value); } catch { /* private windows may refuse */ }
  },
};
