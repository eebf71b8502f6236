/** Resolve links to targets on this page: a message, a post on X, a direct message, the brand's chat. */

const MESSAGE = /\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})(?:\?.*thread_ts=([\d.]+))?/;
const WRITE = /^https?:\/\/(?:[\w-]+\.)?(?:x|twitter)\.com\/messages\/compose\?/;
const CHAT = /^http:\/\/127\.0\.0\.1:\d+\/[\w/-]*chat#./;
const POST = /^https?:\/\/(?:[\w-]+\.)?(?:x|twitter)\.com\/.*?(?:status(?:es)?\/|in_reply_to=)(\d+)/;

/**
 * Parse a URL: `{channel, ts}` of a message, `{post, answer}` of a post, `{write}` to the brand, a page for
 * the `{phone}`, or null.
 */
export function meaning(address) {
  const message = MESSAGE.exec(address);
  if (message) return { channel: message[1], ts: message[4] ?? `${message[2]}.${message[3]}` };
  if (WRITE.test(address)) return { write: true };
  if (CHAT.test(address)) return { phone: address };
  const post = POST.exec(address);
  return post && { post: post[1], answer: address.includes("/intent/") };
}

const NETWORK = /^https?:\/\/(?:[\w-]+\.)*(?:x|twitter)\.com(?:[/:?#]|$)/;

/** Find the post of a link: the one that contains it, or that its thread or message links to. */
export function postNear(anchor) {
  const links = anchor.closest(".thread, .message")?.querySelectorAll("a[href]") ?? [];
  return anchor.closest("[data-post-id]")?.dataset.postId ?? [...links].map((each) => meaning(each.href)?.post).find(Boolean);
}

/**
 * `follow(target, anchor)` returns true when it handled the click. The pretend network has no pages of its
 * own, and nothing leaves for the real one: `refuse(address)` is called instead, however the link is opened.
 */
export function catchLinks(follow, refuse) {
  const caught = (event) => {
    const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!anchor) return;
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const found = isPlain && meaning(anchor.href);
    if (found && follow(found, anchor)) event.preventDefault();
    else if (NETWORK.test(anchor.href)) {
      event.preventDefault();
      if (event.button < 2) refuse(anchor.href);
    }
  };
  document.addEventListener("click", caught);
  document.addEventListener("auxclick", caught);
}
