"""Draw charts as pictures."""
