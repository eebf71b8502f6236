"""Timers: poll networks and the mailbox, sweep for deleted posts, and maintain cases and the outbox."""
