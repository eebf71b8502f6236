/** The public timeline: newest first, updated in place. */

import { network as api } from "./api.js";
import { CatchUp } from "./catchup.js";
import { CustomerBox } from "./customer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { postNode } from "./post.js";
import { complain } from "./toast.js";

const SHOWN = 300;
const NEAR_TOP = 60;

export class Timeline {
  /** `onPost(post)` is called for every post that arrives while the page is open. `tool` is in the head. */
  constructor(onPost, tool) {
    this.onPost = onPost;
    this.posts = new Map();
    this.catchUp = new CatchUp();
    this.answers = new Map();
    this.brand = { name: "Acme", username: "acme" };
    this.box = new CustomerBox({ find: (id) => this.find(id) });
    this.feed = h("div", { class: "feed", role: "feed", "aria-label": "Posts, newest first" });
    this.newer = h("button", { type: "button", class: "newer top", hidden: true, on: { click: () => this.toTop() } }, icon("down"), "New posts");
    this.scroller = h("div", { class: "scroller", tabindex: "0", on: { scroll: () => this.nearTop && (this.newer.hidden = true) } }, this.feed);
    this.node = h("div", { class: "pane" },
      h("header", { class: "pane-head" }, h("h2", {}, icon("globe"), "Public timeline"), tool),
      this.box.node,
      h("div", { class: "message-list" }, this.scroller, this.newer));
  }

  get nearTop() {
    return this.scroller.scrollTop < NEAR_TOP;
  }

  toTop() {
    this.newer.hidden = true;
    this.scroller.scrollTo({ top: 0, behavior: "smooth" });
  }

  find(id) {
    return this.posts.get(id);
  }

  /** Return whom a post addresses: the author of what it answers, or its own author if it is no reply. */
  addressee(id) {
    const post = this.find(id);
    return post?.from_brand ? this.find(post.in_reply_to)?.author : post?.author;
  }

  answered(id) {
    const all = [...(this.answers.get(id) ?? [])].map((each) => this.posts.get(each)).filter((post) => post && !post.deleted);
    return { count: all.length, byBrand: all.some((post) => post.from_brand) };
  }

  async load() {
    await this.catchUp.read(api.timeline, (answer) => this.reset(answer)).catch(complain);
  }

  reset({ brand, posts }) {
    this.brand = brand;
    for (const post of posts) this.learn(post);
    const newestFirst = [...this.posts.values()].sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id.localeCompare(a.id));
    this.feed.replaceChildren(...newestFirst.slice(0, SHOWN).map((post) => this.draw(post)));
    if (!newestFirst.length) this.feed.append(h("p", { class: "empty" }, "Nothing yet. Posts that mention the brand appear here."));
  }

  learn(post) {
    this.posts.set(post.id, post);
    if (post.in_reply_to) this.answers.set(post.in_reply_to, (this.answers.get(post.in_reply_to) ?? new Set()).add(post.id));
  }

  draw(post, fresh) {
    return postNode(post, this, { onReply: (each) => this.box.answer(each), onEdit: (each) => this.box.edit(each), fresh });
  }

  /** Add or update a post. */
  receive(post) {
    this.catchUp.note(() => this.put(post));
  }

  put(post) {
    const known = this.posts.has(post.id);
    this.learn(post);
    if (known) this.redraw(post.id, "flash");
    else this.prepend(post);
    for (const other of this.posts.values()) if ([other.in_reply_to, other.quoted, other.retweeted].includes(post.id)) this.redraw(other.id);
    if (post.in_reply_to) this.redraw(post.in_reply_to);
    if (!known) this.onPost(post);
  }

  prepend(post) {
    this.feed.querySelector(".empty")?.remove();
    const { scrollHeight, scrollTop } = this.scroller;
    const away = !this.nearTop;
    this.feed.prepend(this.draw(post, true));
    while (this.feed.childElementCount > SHOWN) this.feed.lastChild.remove();
    if (!away) return;
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
    this.newer.hidden = false;
  }

  element(id) {
    return [...this.feed.children].find((node) => node.dataset.postId === id);
  }

  redraw(id, kind) {
    const old = this.element(id);
    if (!old) return;
    const node = this.draw(this.posts.get(id));
    if (kind) node.classList.add(kind);
    old.replaceWith(node);
  }

  /** Highlight one post. True when it exists. */
  show(id) {
    const node = this.element(id);
    if (!node) return false;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.remove("flash");
    requestAnimationFrame(() => node.classList.add("flash"));
    node.focus({ preventScroll: true });
    return true;
  }
}
