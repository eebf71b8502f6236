/** The time of the pretend world, which may be ahead of this computer's. */

let ahead = 0;

/** Set by how many seconds the world is ahead; returns whether that is a change. */
export function setAhead(seconds) {
  const isNew = seconds !== ahead;
  ahead = seconds;
  return isNew;
}

export const now = () => Date.now() + ahead * 1000;
