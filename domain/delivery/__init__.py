"""Define the rules of delivery: effects, outcomes, retry decisions, pacing, the team chat's protocol."""
