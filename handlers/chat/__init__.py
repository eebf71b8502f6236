"""Use cases of live chat: the session of a browser, and the transcript by mail."""
