"""Define the rules of triage: language, sentiment, situation, urgency, rank, saved replies, drafts."""
