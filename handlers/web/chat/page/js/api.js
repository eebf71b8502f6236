/** The requests. A refusal carries the word that the page has a sentence for; what is merely lost on the way can be asked again. */

import { words } from "./dom.js";

export class Refused extends Error {
  constructor(word) {
    super(words[`refused_${word}`] ?? words.refused_unreadable);
    this.word = word;
  }
}

export class Lost extends Error {}

let chat = null;

/** From now on, requests say that this tab shows this chat: the browser may open another one, and it has one cookie for all. */
export function show(id) { chat = id; }

/** The path with what it asks for, and the chat that it is about. */
export function about(path, asked = {}) {
  const query = String(new URLSearchParams(chat === null ? asked : { ...asked, chat }));
  return `chat/${path}${query && `?${query}`}`;
}

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Lost(url);
  }
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  if (answer.status >= 500 || !told.refused) throw new Lost(url);
  throw new Refused(told.refused);
}

export const read = (path) => ask(about(path));

export const post = (path, body) =>
  ask(about(path), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const postFile = (key, file) =>
  ask(about("sent", { key, name: file.name }), {
    method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
  });

/** 128 bits of chance, in hexadecimal: what makes a message the same message. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
