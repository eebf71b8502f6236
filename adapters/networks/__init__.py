"""Social networks: one folder each, which exports one `NetworkEntry`."""
