"""Rules of replies: the rules of engagement."""
