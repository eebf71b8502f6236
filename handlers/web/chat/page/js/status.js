/** The chat's status: presence, typing indicator, verification, end of the chat. */

import { byId, formatText, h, locale, page, words } from "./dom.js";

const OPENING_TIME = new Intl.DateTimeFormat(
  locale, { weekday: "long", hour: "numeric", minute: "2-digit" },
);
const RELATIVE_DAY = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const TYPING_MS = 8_000;
const PRESENT_MS = 10 * 60_000;

export class StatusView {
  #typingTimer = 0;
  #presentTimer = 0;
  #isPresent = false;
  #agent = "";
  #verification = "";
  #state = null;
  #isAnswered = false;

  show(state) {
    this.#state = state;
    this.#agent = state.agent_name;
    this.#showPresence();
    showOutage(state.banner);
    byId("ended").hidden = state.is_open;
    byId("ended-text").textContent = words[`ended_${state.next_venue}`] ?? words.ended;
    const code = state.is_open && state.verification ? state.verification.code : "";
    // Do not redraw an unchanged code: that would close the panel which the customer opened.
    const verification = `${code} ${state.verified}`;
    if (verification === this.#verification) return;
    this.#verification = verification;
    byId("verification").hidden = !code && !state.verified;
    const verified = h("p", { class: "verified", role: "status" }, words.verified);
    byId("verification").replaceChildren(...(code ? drawVerification(state.verification) : [verified]));
  }

  /** Show again where the code belongs, to whoever writes it into the chat, where it proves nothing. */
  mindCode(text) {
    const panel = byId("verification").querySelector("details");
    const code = this.#state?.verification?.code;
    if (!panel || !code || !text.replace(/[\s-]/g, "").includes(code)) return;
    panel.open = true;
    const instructions = panel.querySelector("p");
    instructions.setAttribute("role", "alert"); // read aloud once its text is set anew
    instructions.textContent = instructions.textContent;
  }

  /** Drop the usual response time from the presence: an agent has answered in this chat. */
  setAnswered() {
    this.#isAnswered = true;
    if (this.#state) this.#showPresence();
  }

  /** An agent writes or has written just now: outside the office hours somebody is here, too. */
  setPresent() {
    this.#isPresent = true;
    clearTimeout(this.#presentTimer);
    this.#presentTimer = setTimeout(() => {
      this.#isPresent = false;
      this.#showPresence();
    }, PRESENT_MS);
    this.#showPresence();
  }

  /** Show that an agent is typing, for `TYPING_MS`. */
  showTyping() {
    this.setPresent();
    byId("typing").textContent = formatText("typing", { name: this.#agent || words.unnamed_agent });
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.hideTyping(), TYPING_MS);
  }

  hideTyping() {
    clearTimeout(this.#typingTimer);
    byId("typing").textContent = "";
  }

  #showPresence() {
    const { is_open, opens_at } = this.#state;
    const text = is_open ? this.#presenceText(opens_at) : "";
    // An equal text, written again, would be announced again by screen readers.
    if (byId("presence").textContent !== text) byId("presence").textContent = text;
    byId("presence").classList.toggle("online", is_open && this.#isHere());
  }

  /** The agent is at work, or wrote just now: that they have the case does not say so. */
  #isHere() {
    const { agent_is_here, opens_at } = this.#state;
    return Boolean(this.#agent) && (this.#isPresent || (agent_is_here && !opens_at));
  }

  #presenceText(opensAt) {
    const isHere = this.#isHere();
    if (opensAt && !isHere) return formatText("outside_hours", { when: openingText(new Date(opensAt)) });
    if (!this.#agent) return page.waiting;
    const name = this.#agent;
    const agent = isHere ? formatText("agent_present", { name }) : formatText("agent_assigned", { name });
    return this.#isAnswered ? agent : `${agent} · ${page.waiting}`;
  }
}

/** Format an opening: "today 9:00", "tomorrow 9:00", else by its weekday. */
function openingText(at) {
  const days = [0, 1].find((ahead) => at.toDateString() === inDays(ahead).toDateString());
  const parts = OPENING_TIME.formatToParts(at);
  if (days !== undefined) parts.find(({ type }) => type === "weekday").value = RELATIVE_DAY.format(days, "day");
  return parts.map(({ value }) => value).join("");
}

function inDays(days) {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return date;
}

/** Show the notice of an open outage; `null` hides it. */
function showOutage(banner) {
  const notice = byId("outage");
  notice.hidden = !banner;
  if (notice.textContent === (banner?.text ?? "")) return;
  notice.lang = banner?.language ?? page.language;
  notice.dir = banner?.direction ?? "auto";
  notice.textContent = banner?.text ?? "";
}

function drawVerification({ code, handle, url }) {
  const copyStatus = h("span", { role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      copyStatus.textContent = words.code_copied;
    } catch { /* no permission: the code is selectable text */ }
  };
  const link = { class: "secondary", href: url, target: "_blank", rel: "noopener noreferrer" };
  return [h(
    "details",
    {},
    h("summary", {}, words.verify),
    h("p", {}, formatText("verify_instructions", { handle })),
    h("p", { class: "code" }, h("code", {}, code)),
    h("p", { class: "row" },
      h("button", { type: "button", class: "secondary", click: copy }, words.copy_code),
      url ? h("a", link, formatText("verify_open_dm", { handle })) : "",
      copyStatus),
  )];
}
