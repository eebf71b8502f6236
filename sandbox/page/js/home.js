/** The app's Home view. */

import { blocks } from "./blocks.js";
import { CatchUp } from "./catchup.js";
import { h } from "./dom.js";
import { readPlace, readState, restorePlace, restoreState } from "./fields.js";
import { complain } from "./toast.js";

export class HomeView {
  constructor(desk) {
    this.desk = desk;
    this.catchUp = new CatchUp();
    this.scroller = h("div", { class: "scroller home-body", tabindex: "0", data: { surface: "home" } }, h("p", { class: "empty" }, "Loading…"));
    this.node = h("div", { class: "pane home", data: { testid: "home" } },
      h("header", { class: "pane-head" }, desk.people.botAvatar("small"), h("h2", {}, desk.people.bot?.real_name ?? "App"), h("p", { class: "topic" }, "Home")),
      h("div", { class: "guide-slot" }),
      this.scroller);
  }

  async load() {
    await this.catchUp.read(() => this.desk.slack.home(), ({ view }) => this.show(view)).catch(complain);
  }

  /** Show a view that the app published, perhaps while it was being fetched. */
  published(view) {
    this.catchUp.note(() => this.show(view));
  }

  /** Render a view, keeping what was typed in the one before it. */
  show(view) {
    if (!view) {
      this.scroller.replaceChildren(h("p", { class: "empty" }, "The app has not put anything here yet."));
      return;
    }
    const act = (action, node) => this.desk.act(action, node, { view_id: view.id });
    const [state, place] = [readState(this.scroller), readPlace(this.scroller, this.scroller)];
    this.scroller.dataset.viewId = view.id;
    this.scroller.replaceChildren(blocks(view.blocks, { people: this.desk.people, act }));
    restoreState(this.scroller, state);
    restorePlace(this.scroller, this.scroller, place);
  }
}
