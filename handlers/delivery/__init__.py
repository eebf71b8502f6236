"""Delivery of the outbox: the loop that claims and settles effects, and what performs them."""
