/** Building nodes. Text only ever becomes text nodes: nothing that anybody wrote is parsed as markup. */

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

/** The address if a browser may safely follow it, else null: `javascript:`, `data:` and their kind are refused. */
export function safeUrl(address) {
  try {
    const url = new URL(String(address).trim());
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that opens elsewhere; its real address is always in the title. An unsafe address leaves only the words. */
export function link(address, props, ...children) {
  const href = safeUrl(address);
  if (href === null) return h("span", props, ...children);
  return h("a", { ...props, href, title: href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Lines of plain text, line breaks kept. */
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

/** Remember something small in this browser; a browser that refuses just forgets. */
export const memory = {
  get(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, value); } catch { /* private windows may refuse */ }
  },
};
