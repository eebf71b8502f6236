"""Deliver the outbox: the loop that claims and settles effects, their performers, bounces."""
