/**
 * Send queue: one message at a time, retried under its idempotency key until the server has stored it.
 * Unsent texts survive a reload. Files do not: whoever leaves is warned, and then told which they were.
 */

import { NetworkError, newKey, post, postFile } from "./api.js";
import { tabStorage, words } from "./dom.js";

const RETRY_MS = 3_000;
/** The server counts what it takes in a minute. */
const TOO_FAST_RETRY_MS = 15_000;

export class SendQueue {
  #messages;
  #storageKey;
  #queue = [];
  #isSending = false;
  #timer = 0;

  constructor(messages, chatId) {
    this.#messages = messages;
    this.#storageKey = `switchboard-unsent-${chatId}`;
    for (const { key, text, fileName } of tabStorage.get(this.#storageKey) ?? []) {
      if (fileName === undefined) this.#add({ key, text });
      else this.#showLost(key, fileName);
    }
  }

  addText(text) { this.#add({ key: newKey(), text }); }

  addFile(file) { this.#add({ key: newKey(), text: "", file }); }

  /** Send all queued messages; called whenever the connection is back. */
  async flush() {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    while (this.#queue.length) {
      const entry = this.#queue[0];
      this.#messages.setSendStatus(entry.key, words.sending);
      try {
        const { id, sent_at } = entry.file
          ? await postFile(entry.key, entry.file)
          : await post("messages", entry);
        this.#queue.shift();
        this.#messages.markSent(entry.key, id, sent_at);
      } catch (error) {
        if (error.code === "too_fast") {
          this.#timer = setTimeout(() => this.flush(), TOO_FAST_RETRY_MS);
          break;
        }
        if (error instanceof NetworkError) {
          for (const { key } of this.#queue) this.#messages.setSendStatus(key, words.waiting_to_send);
          this.#timer = setTimeout(() => this.flush(), RETRY_MS);
          break;
        }
        this.#queue.shift();
        const status = `${words.not_sent} ${error.message}`;
        this.#messages.setSendStatus(entry.key, status, () => this.#enqueue(entry));
      }
      this.#persist();
    }
    this.#isSending = false;
  }

  #add(entry) {
    this.#messages.addPending(entry.key, entry.text, entry.file);
    this.#messages.setSendStatus(entry.key, words.sending);
    this.#enqueue(entry);
  }

  #enqueue(entry) {
    this.#queue.push(entry);
    this.#persist();
    this.flush();
  }

  /** Say of a file that an earlier load of this page had to send that it was not; unless it was. */
  #showLost(key, name) {
    if (this.#messages.has(key)) return;
    this.#messages.addPending(key, "", { name });
    this.#messages.setSendStatus(key, `${words.not_sent} ${words.file_lost}`, null, true);
  }

  #persist() {
    const entries = this.#queue.map(({ key, text, file }) => ({ key, text, fileName: file?.name }));
    tabStorage.set(this.#storageKey, entries);
    // Only while there is something: such a page is not kept in some browsers' back/forward cache.
    if (this.#queue.length) addEventListener("beforeunload", warn);
    else removeEventListener("beforeunload", warn);
  }
}

function warn(event) {
  event.preventDefault();
  event.returnValue = true; // Safari 15 needs it
}
