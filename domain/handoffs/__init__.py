"""Define the rules of hand-offs: offer, arrival, verification, opt-out, e-mail addresses."""
