/** Detect completed guide steps, only from what was pressed, posted or submitted. */

const PRESSED = [
  ["answered", /^answer linked\b/i], ["claim", /^claim\b/i], ["answer", /^answer\b/i], ["move", /^move to\b/i],
  ["open", /^open an outage\b/i], ["pull", /^pull next\b/i], ["link", /^link matching\b/i],
  ["told", /^tell linked\b/i],
  ["explain", /^explain$/i], ["table", /^show as table$/i], ["share", /^share in channel$/i], ["chart", /^send me the chart$/i],
  ["waiting", /^who still waits\b/i],
];
/** Forms of notices, by what was pressed: the step is done once the notice was sent for approval. */
const NOTICES = [["update", /^post update\b/i], ["resolve", /^resolve\b/i], ["send", /^(open an outage|back to the form)\b/i]];
const [PREVIEW, REVIEW] = ["outage_preview", "outage_review"];
const ALERT = /^📈/u;
const FIXED = /"issue\.waiting"/;
const REPORTS = /^\/mentions\s+(summary|topics|causes|promises|fairness|agents|outlook|digest|export|audit)\b/gi;
/** What has a step of its own once its form was accepted. */
const FORMS = ["move", "correct"];
/** What is done once the form that it asks for has come: whoever may not is refused instead. */
const OPENING = ["answer", "open", "link", "answered", "told"];
const BROKEN = /Not sent:|Send anyway\?/;
/** What else than a refusal has one plain paragraph; other answers have a heading, or more than that. */
const TAKEN = /^(?:\*|Your export is being written)/;

/** Join everything typed in a form, from Slack's `state.values`. */
const typed = (values) => Object.values(values).flatMap((block) => Object.values(block)).map(({ value }) => value?.trim?.()).filter(Boolean);

export class Steps {
  constructor(guide) {
    this.guide = guide;
    this.form = null;
    this.notice = "send";
    this.answers = [];
    this.asked = [];
  }

  /** Record a card's button; the form that it opens belongs to it. */
  pressed({ text }) {
    this.form = PRESSED.find(([, words]) => words.test(text?.text ?? ""))?.[0] ?? null;
    const words = text?.text ?? "";
    this.notice = NOTICES.find(([, pressed]) => pressed.test(words))?.[0] ?? this.notice;
    this.asked = OPENING.includes(this.form) ? [this.form] : [];
    if (![...FORMS, ...OPENING].includes(this.form)) this.guide.did(this.form);
  }

  /** Record a button in a modal, in whose place another form may come. */
  pressedInModal({ text }) {
    if (/^it is about\b/i.test(text?.text ?? "")) this.form = "correct";
  }

  /** Record a choice from a menu, such as what App Home shows. */
  chose({ selected_option: option }) {
    if (option?.value === "team") this.guide.did("team");
  }

  /** Record a form that the app took without an error, by its `callback_id`. */
  accepted({ callback_id: form, submit }) {
    if (form === PREVIEW && /^send/i.test(submit?.text ?? "")) this.guide.did(this.notice);
    if (form === REVIEW) this.guide.did("approve");
    if (form === "issue_create") this.guide.did("issue");
  }

  /** Record a place of the customer's side that was looked at, and whether an outage is announced there. */
  looked(place, announced) {
    if (place === "notices" && announced) this.guide.did("status");
  }

  /** Record messages that the visitor sees. */
  seen(messages) {
    if (messages.some((message) => ALERT.test(message.text ?? "") && this.isNew(message))) this.guide.did("alert");
    if (messages.some((message) => FIXED.test(JSON.stringify(message.blocks ?? [])))) this.guide.did("fixed");
  }

  /** Return whether a message is of the visitor's outage: an open alert that it adds to is edited. */
  isNew({ ts, edited }) {
    return Number(edited?.ts ?? ts) * 1000 > this.guide.began;
  }

  /** Record a submitted form; whether it was accepted is known later. */
  submitted(values) {
    if (this.form === "answer") this.answers.push(...typed(values));
  }

  /** A submitted form was closed: the app accepted it. */
  taken() {
    if (FORMS.includes(this.form)) this.guide.did(this.form);
  }

  /** A form came back: the rules of engagement may have stopped the answer. */
  cameBack(view) {
    if (this.form === "answer" && BROKEN.test(JSON.stringify(view.blocks))) this.guide.did("rule");
  }

  /** The brand posted: an answer sent from here, or another post. */
  posted({ text }) {
    if (this.answers.some((answer) => text.includes(answer))) this.guide.did("reply");
  }

  said(text, bot) {
    if (text.trim().toLowerCase().startsWith(`@${bot}`.toLowerCase())) this.guide.did("private");
  }

  /** Record a command; its steps are done once the app answers with more than a refusal. */
  commanded(text) {
    this.asked = [...text.matchAll(REPORTS)].map(([, step]) => step.toLowerCase());
    if (/^\/mentions\s+next\b/i.test(text)) this.asked.push("command");
    if (/^\/mentions\s+replies\b/i.test(text)) this.asked.push("saved");
    if (/^\/mentions\s+summary\b.*\w:\S/i.test(text)) this.asked.push("filter");
  }

  /** Record what the app answered to the person alone. */
  answered({ blocks }) {
    const [first, ...more] = blocks ?? [];
    if (first && (more.length || first.type !== "section" || TAKEN.test(first.text?.text ?? ""))) this.opened();
    this.asked = [];
  }

  /** Record that the app did what was asked, such as by a form. */
  opened() {
    for (const step of this.asked) this.guide.did(step);
    this.asked = [];
  }
}
