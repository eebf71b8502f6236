"""Use cases of outages: notices, their results, boards, pauses of sending."""
