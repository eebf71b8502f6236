"""Adapt social networks: one folder each, which exports one `NetworkEntry`."""
