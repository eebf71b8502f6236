"""Use cases of reports: summaries and exports."""
