/** Look at something now, and again and again, but not while the page is hidden. */
export async function poll(look, everyMs) {
  if (!document.hidden) await look();
  setTimeout(() => poll(look, everyMs), everyMs);
}
