"""Define issues in issue trackers: what they are made from, their states, what cases they are linked to."""
