/**
 * One event stream for all tabs of a chat in one browser, which allows six connections to a server. The tab
 * that was looked at last leads: it holds a lock and the stream, and passes each event on to the others.
 * Without Web Locks (pages over plain http) each visible tab has a stream of its own.
 */

import { HEARTBEAT_TIMEOUT_MS, Stream } from "./stream.js";

const CAN_SHARE = "locks" in navigator && "BroadcastChannel" in window;

export class SharedStream {
  #name;
  #handlers;
  #stream = new Stream((event, data) => this.#onStream(event, data));
  #channel = null;
  #request = null; // of the lock: the newest, granted or waiting
  #release = () => {};
  #leads = false;
  #isOpen = false;
  #isConnected = false;
  #lastId = 0;
  #openedAfter = 0;
  #silenceTimer = 0;
  #showTimer = 0;

  /** `handlers` are functions by the names of the events of `Stream`. */
  constructor(chatId, handlers) {
    this.#name = `switchboard-chat-${chatId}`;
    this.#handlers = handlers;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#onHidden() : this.#onShown()));
    // A page that was frozen, or kept in the back/forward cache, may have lost its connection unnoticed.
    addEventListener("pageshow", (event) => event.persisted && this.#onShown());
    document.addEventListener("resume", () => this.#onShown());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("freeze", () => this.#leave());
  }

  /** Receive the messages after this id. */
  open(lastId) {
    this.#isOpen = true;
    this.#lastId = Math.max(this.#lastId, lastId);
    if (!CAN_SHARE) {
      this.#stream.open(this.#lastId);
      return;
    }
    if (!this.#channel) {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = ({ data: [event, data] }) => this.#onTab(event, data);
    }
    this.#requestLock({ steal: true });
  }

  /** Receive nothing more. */
  close() {
    this.#isOpen = false;
    this.#leave();
  }

  #onShown() {
    // Several events tell of it at once.
    clearTimeout(this.#showTimer);
    this.#showTimer = setTimeout(() => this.#isOpen && this.open(this.#lastId));
  }

  #onHidden() {
    if (!CAN_SHARE) this.#stream.close();
  }

  #leave() {
    clearTimeout(this.#silenceTimer);
    this.#request?.abort();
    this.#request = null;
    this.#leads = false;
    this.#release();
    this.#stream.close();
    this.#channel?.close();
    this.#channel = null;
  }

  #requestLock(options) {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    // A request that steals cannot be aborted, and is granted at once.
    const all = options.steal ? options : { ...options, signal: request.signal };
    navigator.locks.request(this.#name, all, () => this.#lead(request)).catch(() => {
      if (request === this.#request) this.#follow();
    });
  }

  /** Return a promise that is kept until the lock is released. */
  #lead(request) {
    if (request !== this.#request) return null;
    this.#leads = true;
    clearTimeout(this.#silenceTimer);
    this.#openFrom(this.#lastId);
    this.#tell("lead");
    return new Promise((release) => { this.#release = release; });
  }

  /** Leave the stream to the tab that took the lock, and wait for it to close. */
  #follow() {
    this.#leads = false;
    this.#stream.close();
    this.#tell("follow", this.#lastId);
    this.#resetSilenceTimer();
    this.#requestLock({});
  }

  #openFrom(lastId) {
    this.#isConnected = false;
    this.#openedAfter = lastId;
    this.#stream.open(lastId);
  }

  #onStream(event, data) {
    if (event === "connected" || event === "disconnected") this.#isConnected = event === "connected";
    this.#tell(event, data);
    this.#handle(event, data);
  }

  #onTab(event, data) {
    if (event === "lead") {
      if (!this.#leads) this.#tell("follow", this.#lastId);
    } else if (event === "follow") {
      if (!this.#leads) return;
      if (data < this.#openedAfter) this.#openFrom(data);
      else if (this.#isConnected) this.#tell("connected");
    } else if (!this.#leads) {
      this.#resetSilenceTimer();
      this.#handle(event, data);
    }
  }

  #handle(event, data) {
    if (event === "message") this.#lastId = Math.max(this.#lastId, data.id);
    if (event === "session_expired") this.close();
    this.#handlers[event]?.(data);
  }

  #tell(event, data) {
    this.#channel?.postMessage([event, data]);
  }

  /** Take the stream from a tab that passes nothing on: it was stopped without a word. */
  #resetSilenceTimer() {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => {
      if (document.hidden) this.#resetSilenceTimer();
      else this.open(this.#lastId);
    }, HEARTBEAT_TIMEOUT_MS);
  }
}
