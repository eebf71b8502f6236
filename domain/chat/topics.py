"""Topics of the signals that wake a chat page: new lines, and somebody typing."""


def chat_topic(handoff_id: int) -> str:
    """What those listen for who show this hand-off's conversation."""
    return f"chat:{handoff_id}"


def typing_topic(handoff_id: int) -> str:
    """What is signalled when somebody of ours begins to write to this hand-off's customer."""
    return f"typing:{handoff_id}"
