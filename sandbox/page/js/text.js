/** Render Block Kit's text objects and images. */

import { h, lines, safeUrl } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** Render a text object: mrkdwn or plain. */
export function text(object, people) {
  if (!object) return null;
  if (object.type === "mrkdwn") return mrkdwn(object.text, people);
  return lines(object.emoji === false ? object.text : withEmoji(object.text));
}

/**
 * Render an image of the sandbox; a foreign one is only named, since the page makes no foreign requests.
 * `ctx.fileAddress` finds an uploaded one by its id.
 */
export function picture(image, kind, ctx) {
  const uploaded = image.slack_file?.id && ctx?.fileAddress?.({ url_private: `/slack/files/${image.slack_file.id}/picture.png` });
  const address = safeUrl(uploaded ? new URL(uploaded, location.href).href : image.image_url ?? image.slack_file?.url ?? "");
  const own = address !== null && new URL(address).host === location.host;
  if (!own) return h("span", { class: `picture missing ${kind}`, role: "img", "aria-label": image.alt_text, title: image.image_url }, kind === "small" ? "🖼" : image.alt_text);
  return h("img", { class: `picture ${kind}`, src: address, alt: image.alt_text ?? "", loading: "lazy" });
}
