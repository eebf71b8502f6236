"""Rules of triage: language, situation, urgency, rank, saved replies, drafts."""
