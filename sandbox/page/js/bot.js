/** How the bot is: a word while it is away, and what was lost once it is back. Kill it, or skip a day. */

import { bot as api } from "./api.js";
import { setAhead } from "./clock.js";
import { poll } from "./poll.js";
import { refresh } from "./time.js";
import { complain, toast } from "./toast.js";

const EVERY_MS = 2_000;
const SETTLED_MS = 8_000;

export class Bot {
  /** `holder` is the node for the word. */
  constructor(holder) {
    this.holder = holder;
    this.starts = 0;
    this.why = "";
    poll(() => this.look(), EVERY_MS);
  }

  /** Silent where the sandbox cannot be asked: the page says so elsewhere. */
  async look() {
    try {
      this.show(await api.read());
    } catch {
      this.holder.hidden = true;
    }
  }

  show({ connected, run, ahead }) {
    const isLater = setAhead(ahead);
    if (isLater) refresh();
    if (isLater && this.starts) this.why = "skip";
    const starts = run.starts ?? 0;
    this.holder.hidden = connected;
    this.holder.textContent = this.why === "skip" ? "It is a day later. Switchboard is starting…"
      : starts > 1 ? `Switchboard ${run.ended || "was ended"}, and is starting again…` : "Switchboard is starting…";
    if (connected && this.starts && starts > this.starts) this.tellBack(run);
    if (connected || !this.starts) this.starts = starts;
  }

  /** Say what came of it, once what was under way had time to go on. */
  tellBack(run) {
    const skipped = this.why === "skip";
    this.why = "";
    toast(skipped ? "It is a day later. Switchboard goes on." : `Switchboard ${run.ended || "was ended"} and runs again. What was under way goes on…`);
    if (!skipped) setTimeout(() => this.tellEvidence().catch(complain), SETTLED_MS);
  }

  async tellEvidence() {
    const { mentions, shown, twice } = await api.evidence();
    const seen = shown === mentions ? `All ${mentions} mentions since the demo began are in Slack` : `${shown} of ${mentions} mentions since the demo began have a link in Slack; the others are on their way, or counted on a board`;
    toast(`${seen}. Sent twice: ${twice || "nothing"}.`);
  }

  async kill() {
    await api.kill().then((state) => this.show(state)).catch(complain);
  }

  async skip() {
    await api.skip().then((state) => this.show(state)).catch(complain);
  }
}
