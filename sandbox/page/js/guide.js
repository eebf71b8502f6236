/** "What to try": onboarding steps in parts, each ticked when done; can be dismissed permanently. */

import { now } from "./clock.js";
import { h, memory } from "./dom.js";
import { icon } from "./icons.js";

const HIDDEN = "switchboard-guide-hidden";
const DONE = "switchboard-guide-done";
const PART = "switchboard-guide-part";
const BEGAN = "switchboard-guide-began";
const SHORT = 3;  // steps, so that the channel has room
const PARTS = [
  ["post", "A post", [
    ["card", "Wait for a card", "or post one as a customer, on the right"],
    ["claim", "Press Claim", "the case is now yours; others see it"],
    ["answer", "Press Answer…", "edit the suggestion and send it"],
    ["reply", "See the reply", "it appears in the public timeline"],
    ["move", "Move a case", "Move to… takes it to a private venue"],
    ["customer", "Be the customer", "in Inbox, Mail or Phone: write back"],
    ["private", "Answer in private", "in the thread, begin with @Switchboard"],
    ["command", "Type /mentions next", "it hands you the most urgent case"],
    ["correct", "Correct a card", "⋯, Details…, It is about…: the next such post is read right"],
    ["saved", "Type /mentions replies", "write a saved reply; it is suggested at once"],
    ["rule", "Break a rule", "answer “We will refund you.” and see what is asked"],
    ["person", "Act as somebody else", "top right; try to take a case over"],
  ]],
  ["outage", "An outage", [
    ["break", "Press Break something", "on the right, above the posts: payments fail"],
    ["alert", "See the alert", "act as Kai (top right), open #oncall; it takes a minute"],
    ["open", "Press Open an outage…", "on the alert; customers' words are in the form"],
    ["send", "Send it for approval", "say what is wrong, Preview, Send for approval"],
    ["approve", "Approve it as Ruth", "never one's own: Review… on the board"],
    ["status", "See where it went", "Status on the right: the pages, the feed, the e-mail list"],
    ["pull", "Press Pull next 5", "as Sam, on the flood's board in #support"],
    ["link", "Link matching cases", "as Kai, on the outage's board in #oncall"],
    ["answered", "Answer linked cases", "on the board; each in the customer's language"],
    ["update", "Post an update", "on the board; Ruth approves it, too"],
    ["resolve", "Resolve it", "on the board; once approved, the posts ebb away"],
    ["told", "Tell those linked", "on the board, after the first answers; /outage rehearse practises it all"],
  ]],
  ["figures", "Figures", [
    ["summary", "Type /mentions summary 7d", "as Ruth, who is a manager (top right): how bad was the week?"],
    ["explain", "Press Explain", "below it: how each figure is counted"],
    ["table", "Press Show as table", "each figure beside the week before, and its days"],
    ["filter", "Type /mentions summary 30d situation:delivery", "also language:, agent:, channel: and others"],
    ["share", "Press Share in channel", "everybody there sees it, with your name"],
    ["chart", "Press Send me the chart", "it comes in Messages; #general has last week's digest"],
    ["topics", "Type /mentions topics 7d", "why? Make this a cause… tracks what comes again"],
    ["causes", "Type /mentions causes 30d", "one was fixed: are there fewer posts about it?"],
    ["team", "Choose The team", "in Home, beside Show: who waits longest, and who has what?"],
    ["promises", "Type /mentions promises", "what our answers promised; Kept, or another date"],
    ["fairness", "Type /mentions fairness 30d", "are we fair, or are the loud served first?"],
    ["agents", "Type /mentions agents 30d", "how much each of us does, and how well"],
    ["outlook", "Type /mentions outlook", "what will Monday need?"],
    ["digest", "Type /mentions digest", "when the next one comes; Preview and Send now"],
    ["export", "Type /mentions export 7d", "the rows behind it come in Messages"],
    ["audit", "Type /mentions audit", "who did what, to any case"],
  ]],
  ["fault", "A fault", [
    ["kill", "Kill the bot", "⌄ beside Break something: kill -9; see what is lost, and what comes twice"],
    ["lost-answer", "Lose X's reply", "⌄, then answer a card: is it sent twice? It is looked for first"],
    ["too-many", "Let X refuse", "⌄, then answer a card: it waits, and goes out by itself"],
    ["closed-messages", "Close direct messages", "⌄, then move a case to one, and answer there"],
    ["archived-channel", "Archive #support", "⌄; where do cards go now, and who is told? End it there, too"],
    ["skip", "Skip 24 hours", "⌄; due times pass, promises fall due, the digest comes"],
  ]],
  ["issue", "An issue", [
    ["issue", "Create an issue", "⋯, Details…, Create issue…: at Linear, Jira or GitHub, without names"],
    ["fixed", "Close it", "Status on the right, Issues: a developer closes it in the tracker"],
    ["waiting", "See who still waits", "#support says so within seconds; Answer… opens each"],
  ]],
];

export class Guide {
  constructor() {
    this.done = new Set((memory.get(DONE) ?? "").split(" ").filter(Boolean));
    this.node = h("details", { class: "guide", open: innerWidth > 760 && innerHeight > 640, data: { testid: "guide" } });
    this.part = PARTS.find(([name]) => name === memory.get(PART)) ?? PARTS[0];
    this.isShort = true;
    this.began = Number(memory.get(BEGAN)) || this.begin();
    this.node.hidden = Boolean(memory.get(HIDDEN));
    this.again = h("button", { type: "button", class: "guide-again", hidden: !this.node.hidden, data: { testid: "guide-again" }, on: { click: () => this.show() } }, "What to try");
    this.draw();
  }

  /** Tick a step, and turn to its part where that is a later one. */
  did(step) {
    const part = PARTS.find(([, , steps]) => steps.some(([name]) => name === step));
    if (!part || this.done.has(step)) return;
    this.done.add(step);
    memory.set(DONE, [...this.done].join(" "));
    if (step === "break") this.begin();
    if (step === part[2][0][0] && PARTS.indexOf(part) > PARTS.indexOf(this.part)) this.turn(part);
    else this.draw();
  }

  /** Count alerts from now on: older ones are of another outage. Returns the world's time in ms. */
  begin() {
    this.began = now();
    memory.set(BEGAN, String(this.began));
    return this.began;
  }

  turn(part) {
    this.part = part;
    memory.set(PART, part[0]);
    this.draw();
  }

  hide() {
    this.node.hidden = true;
    this.again.hidden = false;
    memory.set(HIDDEN, "yes");
  }

  show() {
    this.node.hidden = false;
    this.node.open = true;
    this.again.hidden = true;
    memory.set(HIDDEN, "");
  }

  /** Forget what was done, in all parts. */
  restart() {
    this.done.clear();
    memory.set(DONE, "");
    this.begin();
    this.turn(PARTS[0]);
  }

  draw() {
    const [, , steps] = this.part;
    const next = steps.find(([name]) => !this.done.has(name));
    const done = steps.filter(([name]) => this.done.has(name)).length;
    this.node.replaceChildren(
      h("summary", {}, h("span", { class: "guide-title" }, "What to try"), this.tabs(),
        h("span", { class: next ? "guide-next" : "guide-next guide-end" }, next ? `Next: ${next[1]}` : "You have seen the whole story."),
        h("span", { class: "guide-count" }, `${done} of ${steps.length}`),
        h("button", { type: "button", class: "plain", "aria-label": "Hide this guide", on: { click: (event) => {
          event.preventDefault();
          this.hide();
        } } }, icon("close"))),
      h("ol", { class: "guide-steps" }, steps.map(([name, what, more], index) =>
        h("li", { hidden: !this.isVisible(index, next ? steps.indexOf(next) : steps.length, steps.length), class: this.done.has(name) ? "done" : next?.[0] === name ? "next" : "", data: { step: name } },
          h("span", { class: "guide-mark" }, this.done.has(name) ? icon("check") : String(index + 1)),
          h("span", {}, h("b", {}, what), h("small", {}, more))))),
      h("p", { class: "guide-foot" },
        steps.length > SHORT && h("button", { type: "button", class: "plain-link", data: { testid: "guide-all" }, on: { click: () => {
          this.isShort = !this.isShort;
          this.draw();
        } } }, this.isShort ? `Show all ${steps.length} steps` : "Show fewer"),
        this.done.size > 0 && h("button", { type: "button", class: "plain-link", data: { testid: "guide-restart" }, on: { click: () => this.restart() } }, "Start again")));
  }

  /** Return whether a step is shown: all are, or the next one and those behind it. */
  isVisible(index, next, count) {
    const first = Math.max(0, Math.min(next, count - SHORT));
    return !this.isShort || (first <= index && index < first + SHORT);
  }

  tabs() {
    return h("span", { class: "guide-parts", role: "group", "aria-label": "Part" }, PARTS.map((part) =>
      h("button", { type: "button", class: "guide-part", "aria-pressed": String(part === this.part), data: { part: part[0] }, on: { click: (event) => {
        event.preventDefault();
        this.node.open = true;
        this.turn(part);
      } } }, part[1])));
  }
}
