"""Leave the secret part out of links to our chat and to the page for an e-mail address."""

import re

_TOKEN = re.compile(r"(https?://[^\s#]{1,500}(?:#|/address/))[\w.=-]{24,}", re.ASCII)


def without_tokens(text: str) -> str:
    """Return the text of ours with links that open nothing: they are for the customer whom we sent them."""
    return _TOKEN.sub(r"\1…", text)
