"""Define the pub/sub topics that wake a chat page: new messages, and typing indicators."""


def chat_topic(handoff_id: int) -> str:
    """Return the topic of new messages in this hand-off's chat."""
    return f"chat:{handoff_id}"


def typing_topic(handoff_id: int) -> str:
    """Return the topic of an agent's typing indicator in this hand-off's chat."""
    return f"typing:{handoff_id}"
