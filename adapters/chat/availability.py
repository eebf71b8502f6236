"""Whether live chat can be offered with the settings that there are."""

from pydantic import SecretStr

from adapters.chat.links import ChatLinks
from domain.diagnostics import CheckLine

_REMEDY = 'Set them in .env; see "Live chat" in README.md'


def why_no_chat(public_url: str | None, secret_key: SecretStr | None) -> str:
    """What is missing, so that live chat is not offered; empty where nothing is."""
    given = {"PUBLIC_URL": public_url, "SECRET_KEY": secret_key}
    missing = [name for name, value in given.items() if value is None]
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return f"{' and '.join(missing)} {verb} not set, so no link to the chat page can be made."


def chat_links(public_url: str | None, secret_key: SecretStr | None) -> ChatLinks | None:
    """What makes the links; `None` where live chat is not offered."""
    if public_url is None or secret_key is None:
        return None
    return ChatLinks(public_url=public_url, secret_key=secret_key.get_secret_value())


def chat_line(public_url: str | None, secret_key: SecretStr | None) -> CheckLine:
    """What `check` says of live chat."""
    why = why_no_chat(public_url, secret_key)
    if why:
        return CheckLine("Live chat", ok=None, detail=f"not offered: {why.rstrip('.')}", remedy=_REMEDY)
    return CheckLine("Live chat", ok=True, detail=f"offered at {public_url}/chat")
