"""Use cases of triage: classify a post, suggest a saved reply, ask a model for a draft."""
