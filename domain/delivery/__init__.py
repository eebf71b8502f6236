"""Rules of delivery: effects, outcomes, and the decision that follows from an outcome."""
