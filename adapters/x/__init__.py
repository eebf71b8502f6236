"""X: reading mentions, sending replies."""
