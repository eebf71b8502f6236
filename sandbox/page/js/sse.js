/** Server-sent events with reconnection, reported so that missed state is fetched again. */

const WAITS = [500, 1000, 2000, 4000];
const HIDDEN_FOR = 3_000;

/**
 * `handlers` maps an event's name to a function of its data. `onState(up, again)` is called on each change;
 * `again` is true when a stream that had been up before is up again.
 * Browsers allow six connections to a host, so a tab that is hidden closes its own, and fetches what it
 * missed once it is shown again.
 */
export function listen(address, handlers, onState) {
  let source = null;
  let failures = 0;
  let wasUp = false;
  let timer = null;

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(address);
    source.onopen = () => {
      failures = 0;
      onState(true, wasUp);
      wasUp = true;
    };
    source.onerror = retry;
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
  }

  function retry() {
    source.close();
    onState(false, wasUp);
    timer = setTimeout(open, WAITS[Math.min(failures++, WAITS.length - 1)]);
  }

  function onVisibility() {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => source.close(), HIDDEN_FOR);
    else if (source.readyState === EventSource.CLOSED) open();
  }

  document.addEventListener("visibilitychange", onVisibility);
  open();
}
