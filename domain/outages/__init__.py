"""Rules of outages: life cycle, notices, destinations, linked cases."""
