"""Send public and private replies: form, checks, enqueueing, delivery result."""
