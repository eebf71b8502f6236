/** Avoid lost updates: events that arrive while a state is fetched are applied again on top of it. */

export class CatchUp {
  constructor() {
    this.readings = new Set();
  }

  /** Apply an event now, and again after a fetch in progress. */
  note(act) {
    for (const late of this.readings) late.push(act);
    act();
  }

  /** Fetch with `read()`, pass the result to `apply`, then apply the events that arrived meanwhile. */
  async read(read, apply) {
    const late = [];
    this.readings.add(late);
    try {
      apply(await read());
      for (const act of late) act();
    } finally {
      this.readings.delete(late);
    }
  }
}
