"""Define the rules of intake: posts and private messages as they arrive, cursors, redaction."""
