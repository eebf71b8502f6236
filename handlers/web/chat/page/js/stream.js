/** Server-sent events, with reconnection that resumes after the last received message. */

import { apiUrl, newKey } from "./api.js";

/** Three heartbeats of the server. */
export const HEARTBEAT_TIMEOUT_MS = 45_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;
/** How long the server's answer is waited for: the request may have gone out on a dead connection. */
const FIRST_OPENING_MS = 500;
const EVENTS = ["message", "state", "typing", "heartbeat", "session_expired"];

export class Stream {
  #source = null;
  #isOpen = false;
  #lastId = 0;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = 0;
  #openingMs = FIRST_OPENING_MS;
  #openingTimer = 0;
  #heartbeatTimer = 0;
  #wasOpened = false;
  #key = newKey(); // the server ends this page's earlier connection, which it may not know to be dead
  #emit;

  /**
   * `emit` is called with an event's name and data: the server's events, "connected", "disconnected", and
   * "open_failed", after which the page has to find out why no connection was opened.
   */
  constructor(emit) {
    this.#emit = emit;
    addEventListener("offline", () => this.#isOpen && this.#reconnect());
    addEventListener("online", () => this.#isOpen && this.open(this.#lastId));
  }

  /** Connect anew, and receive the messages after this id. */
  open(lastId) {
    this.close();
    this.#isOpen = true;
    this.#lastId = lastId;
    const source = new EventSource(apiUrl("events", { after: lastId, stream: this.#key }));
    this.#source = source;
    this.#wasOpened = false;
    source.onopen = () => {
      this.#wasOpened = true;
      this.#retryMs = FIRST_RETRY_MS;
      this.#openingMs = FIRST_OPENING_MS;
      clearTimeout(this.#openingTimer);
      this.#resetHeartbeatTimer();
      this.#emit("connected");
    };
    source.onerror = () => this.#reconnect();
    for (const name of EVENTS) source.addEventListener(name, (event) => this.#receive(name, event.data));
    this.#resetHeartbeatTimer();
    this.#openingTimer = setTimeout(() => this.open(this.#lastId), this.#openingMs);
    this.#openingMs = Math.min(this.#openingMs * 1.3, MAX_RETRY_MS);
  }

  /** Disconnect, and do not reconnect. */
  close() {
    this.#isOpen = false;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#openingTimer);
    clearTimeout(this.#heartbeatTimer);
    this.#source?.close();
    this.#source = null;
  }

  #receive(name, text) {
    this.#resetHeartbeatTimer();
    const data = JSON.parse(text);
    if (name === "message") this.#lastId = Math.max(this.#lastId, data.id);
    this.#emit(name, data);
  }

  #resetHeartbeatTimer() {
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = setTimeout(() => this.#reconnect(), HEARTBEAT_TIMEOUT_MS);
  }

  /** Reconnect with exponential backoff. */
  #reconnect() {
    this.close();
    this.#isOpen = true;
    this.#emit("disconnected");
    // EventSource hides the response's status: only a plain request can tell whether access was refused.
    if (!this.#wasOpened) this.#emit("open_failed");
    // The page may have closed the stream meanwhile.
    if (!this.#isOpen) return;
    this.#retryTimer = setTimeout(() => this.open(this.#lastId), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }
}
