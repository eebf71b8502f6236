/**
 * Server-sent events, with reconnection that resumes after the last received message. While the stream brings
 * nothing, the page asks by plain requests: filters and virus scanners hold a stream back until it ends.
 */

import { apiUrl, get, newKey, Refusal } from "./api.js";

/** Three heartbeats of the server. */
export const HEARTBEAT_TIMEOUT_MS = 45_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;
/** How long the server's answer is waited for: the request may have gone out on a dead connection. */
const FIRST_OPENING_MS = 500;
/** The server says something at once: how long nothing of it is heard before the page asks. */
const SILENCE_MS = 5_000;
const POLL_MS = 4_000;
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
  #pollTimer = 0; // runs from the first silent connection until something is heard
  #pollMs = POLL_MS;
  #isPollAnswered = false;
  #state = ""; // the last one that was told, as JSON
  #wasOpened = false;
  #key = newKey(); // the server ends this page's earlier connection, which it may not know to be dead
  #emit;

  /**
   * `emit` is called with an event's name and data: the server's events, "connected", "disconnected", and
   * "open_failed", after which the page has to find out why no connection was opened.
   */
  constructor(emit) {
    this.#emit = emit;
    addEventListener("offline", () => {
      this.#isPollAnswered = false;
      if (this.#isOpen) this.#reconnect();
    });
    addEventListener("online", () => this.#isOpen && this.open(this.#lastId));
  }

  /** Connect anew, and receive the messages after this id. */
  open(lastId) {
    this.#closeSource();
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
    this.#pollTimer ||= setTimeout(() => this.#poll(), SILENCE_MS);
    this.#openingTimer = setTimeout(() => this.open(this.#lastId), this.#openingMs);
    this.#openingMs = Math.min(this.#openingMs * 1.3, MAX_RETRY_MS);
  }

  /** Disconnect, and do not reconnect. */
  close() {
    this.#isOpen = false;
    this.#endPolling();
    this.#closeSource();
  }

  #closeSource() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#openingTimer);
    clearTimeout(this.#heartbeatTimer);
    this.#source?.close();
    this.#source = null;
  }

  #receive(name, text) {
    this.#resetHeartbeatTimer();
    this.#endPolling();
    this.#deliver(name, JSON.parse(text));
  }

  #deliver(name, data) {
    if (name === "message") this.#lastId = Math.max(this.#lastId, data.id);
    if (name === "state") this.#state = JSON.stringify(data);
    this.#emit(name, data);
  }

  #resetHeartbeatTimer() {
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = setTimeout(() => this.#reconnect(), HEARTBEAT_TIMEOUT_MS);
  }

  async #poll() {
    const timer = this.#pollTimer;
    let news = null;
    try {
      news = await get("history", { after: this.#lastId });
    } catch (error) {
      if (error instanceof Refusal) this.#emit("open_failed");
    }
    // The stream was heard or closed meanwhile.
    if (timer !== this.#pollTimer) return;
    for (const message of news?.messages ?? []) this.#deliver("message", message);
    // What has not changed is not told again: screen readers would read it again.
    if (news && JSON.stringify(news.state) !== this.#state) this.#deliver("state", news.state);
    if (this.#isPollAnswered !== Boolean(news)) this.#emit(news ? "connected" : "disconnected");
    // Tabs that share this stream take it over where nothing is heard of it.
    if (news) this.#emit("heartbeat");
    this.#isPollAnswered = Boolean(news);
    this.#pollMs = news ? POLL_MS : Math.min(this.#pollMs * 2, MAX_RETRY_MS);
    this.#pollTimer = setTimeout(() => this.#poll(), this.#pollMs);
  }

  #endPolling() {
    clearTimeout(this.#pollTimer);
    this.#pollTimer = 0;
    this.#pollMs = POLL_MS;
    this.#isPollAnswered = false;
  }

  /** Reconnect with exponential backoff. */
  #reconnect() {
    this.#closeSource();
    if (!this.#isPollAnswered) this.#emit("disconnected");
    // EventSource hides the response's status: only a plain request can tell whether access was refused.
    if (!this.#wasOpened) this.#emit("open_failed");
    // The page may have closed the stream meanwhile.
    if (!this.#isOpen) return;
    this.#retryTimer = setTimeout(() => this.open(this.#lastId), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }
}
