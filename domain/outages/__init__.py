"""Define the rules of outages: life cycle, notices, destinations, linked cases."""
