"""Use cases of hand-offs: offer, arrival, verification, opt-out, e-mail capture."""
