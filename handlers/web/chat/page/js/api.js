/** The requests. A refusal carries the word that the page has a sentence for; what is merely lost on the way can be asked again. */

import { words } from "./dom.js";

export class Refused extends Error {
  constructor(word) {
    super(words[`refused_${word}`] ?? words.refused_unreadable);
    this.word = word;
  }
}

export class Lost extends Error {}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(`chat/${path}`, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Lost(path);
  }
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  if (answer.status >= 500 || !told.refused) throw new Lost(path);
  throw new Refused(told.refused);
}

export const read = (path) => ask(path);

export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const postFile = (key, file) =>
  ask(`sent?${new URLSearchParams({ key, name: file.name })}`, {
    method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
  });

/** 128 bits of chance, in hexadecimal: what makes a message the same message. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
