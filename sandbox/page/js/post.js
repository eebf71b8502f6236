/** Render one public post, as a customer sees it. */

import { h } from "./dom.js";
import { folding } from "./fold.js";
import { icon } from "./icons.js";
import { linked } from "./linked.js";
import { ownPostButton } from "./ownpost.js";
import { face } from "./people.js";
import { timeNode } from "./time.js";

const LONG_TEXT = 560;
const seconds = (post) => new Date(post.created_at).getTime() / 1000;

/** `network` provides `find(id)` and `answered(id)`; `onReply(post)` begins a reply, `onEdit` an edit. */
export function postNode(post, network, { onReply, onEdit, fresh }) {
  const original = post.retweeted && network.find(post.retweeted);
  if (original) return repost(post, original, network, { onReply, onEdit });
  const parent = post.in_reply_to && network.find(post.in_reply_to);
  const kinds = ["post", post.from_brand && "from-brand", post.deleted && "deleted", fresh && "fresh"].filter(Boolean);
  return h("article", { class: kinds.join(" "), data: { postId: post.id, author: post.author.username }, tabindex: "-1" },
    post.from_brand && parent && excerpt(parent),
    h("div", { class: "post-row" },
      face(post.author.name, post.author.color, post.from_brand ? "round brand" : "round"),
      h("div", { class: "post-body" },
        head(post),
        post.in_reply_to && h("p", { class: "replying" }, "Replying to ", answered(post, parent)),
        body(post, network),
        !post.deleted && foot(post, network, { onReply, onEdit }))));
}

/** Name whom a post answers, also where that post is older than what the page has. */
function answered(post, parent) {
  const handle = parent?.author.username ?? post.mentions?.[0] ?? /^@(\w+)/.exec(post.text)?.[1];
  return handle ? h("b", {}, `@${handle}`) : "an older post";
}

function head(post) {
  return h("div", { class: "post-head" },
    h("span", { class: "post-name", dir: "auto" }, post.author.name),
    post.from_brand && h("span", { class: "verified", title: "The brand's own account", role: "img", "aria-label": "Brand" }, icon("check")),
    h("span", { class: "handle" }, `@${post.author.username}`),
    h("span", { class: "handle" }, "·"), h("span", { class: "handle" }, timeNode(seconds(post), "{ago_short}")),
    post.edited && !post.deleted && h("span", { class: "edited", title: "The author changed this post" }, "edited"));
}

function body(post, network) {
  if (post.deleted) return h("p", { class: "gone" }, "This post was deleted by its author.");
  const quoted = post.quoted && network.find(post.quoted);
  return [folding(h("p", { class: "post-text", dir: "auto" }, linked(post.text)), LONG_TEXT), pictures(post), quoted && quote(quoted)];
}

function pictures(post) {
  return post.media?.length > 0 && h("div", { class: "post-media" }, post.media.map((one) => h("img", { src: one.url, alt: one.alt_text || "Picture", title: one.alt_text, loading: "lazy" })));
}

function quote(post) {
  return h("div", { class: "quoted", dir: "auto" }, h("b", {}, post.author.name), " ", h("span", { class: "handle" }, `@${post.author.username}`),
    h("p", {}, post.deleted ? "This post was deleted by its author." : post.text));
}

/** Render the post that the brand answered, small, above the answer. */
function excerpt(post) {
  return h("div", { class: "post-row parent" }, face(post.author.name, post.author.color, "round tiny"),
    h("p", { class: "excerpt", dir: "auto" }, h("b", {}, post.author.name), " ", post.deleted ? "deleted this post" : post.text));
}

function foot(post, network, { onReply, onEdit }) {
  const { count, byBrand } = network.answered(post.id);
  return h("div", { class: "post-foot" },
    h("button", { type: "button", class: "post-action", "aria-label": `Reply to ${post.author.name}`, on: { click: () => onReply(post) } }, icon("reply"), count ? `Reply · ${count}` : "Reply"),
    byBrand && h("span", { class: "answered" }, icon("check"), `${network.brand.name} replied`),
    !post.from_brand && ownPostButton(post, onEdit));
}

function repost(post, original, network, acts) {
  const inner = postNode({ ...original, edited: original.edited }, network, acts);
  inner.dataset.postId = post.id;
  inner.classList.toggle("deleted", post.deleted || original.deleted);
  inner.prepend(h("p", { class: "reposted" }, "↻ ", post.author.name, post.deleted ? " took back a repost" : " reposted"));
  return inner;
}
