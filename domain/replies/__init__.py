"""Define the rules of replies: outgoing messages, reply forms, rules of engagement."""
