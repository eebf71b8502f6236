"""Adapt outside systems to the domain's protocols: one file or folder each."""
