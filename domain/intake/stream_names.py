"""Name the streams that posts and messages arrive by, as cursors are stored."""

MENTIONS = "mentions"
SEARCH = "search"
PUSH = "push"
DIRECT_MESSAGES = "dm"
INBOX = "inbox"
