"""Sign public replies with the agent's initials."""


def append_signature(text: str, signature: str) -> str:
    """Append the agent's initials as "… ^SO"; an empty text or signature leaves the text as it is."""
    return f"{text} ^{signature}" if text and signature else text
