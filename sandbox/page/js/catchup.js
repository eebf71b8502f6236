/** Reading a state while events change it: what arrives during the reading is applied once more on top of it. */

export class CatchUp {
  constructor() {
    this.readings = new Set();
  }

  /** Apply an event now, and again after any reading that is under way. */
  note(act) {
    for (const late of this.readings) late.push(act);
    act();
  }

  /** Ask with `read()`, hand the answer to `apply`, and then bring it up to date. */
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
