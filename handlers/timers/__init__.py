"""What happens by itself: reading the networks, delivering the outbox, waking and tidying."""
