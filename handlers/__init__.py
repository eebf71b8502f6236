"""Arrivals: the use cases, and the edges that bring work to them."""
