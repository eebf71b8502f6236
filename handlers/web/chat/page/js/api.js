/** HTTP requests. A `Refusal` is final and has a text for the customer; a `NetworkError` can be retried. */

import { words } from "./dom.js";

export class Refusal extends Error {
  constructor(code) {
    super(words[`refused_${code}`] ?? words.refused_unreadable);
    this.code = code;
  }
}

export class NetworkError extends Error {}

const TIMEOUT_MS = 30_000;
const FILE_TIMEOUT_MS = 10 * 60_000;
let chatId = null;

/** Send this tab's chat id with all later requests: another tab may replace the browser's one cookie. */
export function setChat(id) { chatId = id; }

/** Build the URL of an API path, with the query parameters and this tab's chat id. */
export function apiUrl(path, parameters = {}) {
  const query = String(new URLSearchParams(chatId === null ? parameters : { ...parameters, chat_id: chatId }));
  return `chat/${path}${query && `?${query}`}`;
}

async function request(url, options, timeoutMs = TIMEOUT_MS) {
  let response;
  try {
    // A connection that died unnoticed would leave the request, and all behind it, waiting for minutes.
    const signal = AbortSignal.timeout?.(timeoutMs); // Safari 15 has none
    response = await fetch(url, { credentials: "same-origin", cache: "no-store", signal, ...options });
    // The connection may end within the answer.
    if (response.ok) return await response.json();
  } catch {
    throw new NetworkError(url);
  }
  const body = await response.json().catch(() => ({}));
  if (response.status >= 500 || !body.error) throw new NetworkError(url);
  throw new Refusal(body.error);
}

export const get = (path, parameters) => request(apiUrl(path, parameters));

export const post = (path, body) =>
  request(apiUrl(path), {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });

export const postFile = (key, file) =>
  request(apiUrl("uploads", { key, name: file.name }), {
    method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
  }, FILE_TIMEOUT_MS);

/** Make an idempotency key: 128 random bits in hexadecimal. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
