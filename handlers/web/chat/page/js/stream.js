/** Server-sent events, with reconnection that resumes after the last received message. */

import { apiUrl } from "./api.js";

const HEARTBEAT_TIMEOUT_MS = 45_000; // three heartbeats of the server
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

export class Stream {
  #source = null;
  #lastId = 0;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = 0;
  #heartbeatTimer = 0;
  #wasOpened = false;
  #handlers;

  /**
   * `handlers` are `onMessage`, `onState`, `onTyping`, `onSessionExpired`, `onConnected`, `onDisconnected`,
   * and `onOpenFailed`, which finds out why no connection was opened.
   */
  constructor(handlers) {
    this.#handlers = handlers;
    addEventListener("offline", () => this.#reconnect());
    addEventListener("online", () => this.open(this.#lastId));
    // A page restored from the back/forward cache has lost its connection.
    addEventListener("pageshow", (event) => event.persisted && this.open(this.#lastId));
  }

  /** Connect, and receive the messages after this id. */
  open(lastId) {
    this.close();
    this.#lastId = Math.max(this.#lastId, lastId);
    const source = new EventSource(apiUrl("events", { after: this.#lastId }));
    this.#source = source;
    this.#wasOpened = false;
    const on = (name, handle) => source.addEventListener(name, (event) => {
      this.#resetHeartbeatTimer();
      handle(JSON.parse(event.data), event);
    });
    source.onopen = () => {
      this.#wasOpened = true;
      this.#retryMs = FIRST_RETRY_MS;
      this.#resetHeartbeatTimer();
      this.#handlers.onConnected();
    };
    source.onerror = () => this.#reconnect();
    on("message", (message) => {
      this.#lastId = Math.max(this.#lastId, message.id);
      this.#handlers.onMessage(message);
    });
    on("state", this.#handlers.onState);
    on("typing", this.#handlers.onTyping);
    on("heartbeat", () => {});
    on("session_expired", () => { this.close(); this.#handlers.onSessionExpired(); });
    this.#resetHeartbeatTimer();
  }

  /** Disconnect, and do not reconnect. */
  close() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#heartbeatTimer);
    this.#source?.close();
    this.#source = null;
  }

  #resetHeartbeatTimer() {
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = setTimeout(() => this.#reconnect(), HEARTBEAT_TIMEOUT_MS);
  }

  /** Reconnect with exponential backoff. */
  #reconnect() {
    this.close();
    this.#handlers.onDisconnected();
    // EventSource hides the response's status: only a plain request can tell whether access was refused.
    if (!this.#wasOpened) this.#handlers.onOpenFailed();
    this.#retryTimer = setTimeout(() => this.open(this.#lastId), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }
}
