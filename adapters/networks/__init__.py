"""Social networks: one folder each."""
