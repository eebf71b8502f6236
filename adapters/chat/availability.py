"""Decide whether live chat can be offered with the present settings."""

from collections.abc import Collection

from pydantic import SecretStr

from adapters.chat.links import ChatLinks
from domain.diagnostics import CheckLine

_REMEDY = 'Set them in .env; see "Live chat" in README.md'


def chat_unavailable_reason(public_url: str | None, secret_key: SecretStr | None) -> str:
    """Return which settings are missing for live chat; empty where none is."""
    values = {"PUBLIC_URL": public_url, "SECRET_KEY": secret_key}
    missing = [name for name, value in values.items() if value is None]
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return f"{' and '.join(missing)} {verb} not set, so no link to the chat page can be made."


def chat_links(public_url: str | None, secret_key: SecretStr | None) -> ChatLinks | None:
    """Return the link maker; `None` where live chat cannot be offered."""
    if public_url is None or secret_key is None:
        return None
    return ChatLinks(public_url=public_url, secret_key=secret_key.get_secret_value())


def check_chat(public_url: str | None, secret_key: SecretStr | None) -> CheckLine:
    """Check live chat for `bot.py check`."""
    reason = chat_unavailable_reason(public_url, secret_key)
    if reason:
        return CheckLine("Live chat", ok=None, detail=f"not offered: {reason.rstrip('.')}", remedy=_REMEDY)
    return CheckLine("Live chat", ok=True, detail=f"offered at {public_url}/chat")


def check_greetings(greetings: Collection[str], languages: Collection[str]) -> list[CheckLine]:
    """Return a line where there are greetings in languages that the page has no texts in; else none.

    `languages` are those of the page. Nobody sees such a greeting: the page is never in that language.
    """
    unseen = sorted(set(greetings) - set(languages))
    if not unseen:
        return []
    files = " and ".join(f"prompts/chat/{language}.toml" for language in unseen)
    return [
        CheckLine(
            "chat.greetings",
            ok=False,
            detail=f"nobody sees the greeting in {', '.join(unseen)}: the chat page has no texts in that language",
            remedy=f"take it out, name one of {', '.join(sorted(languages))}, or write {files} like those beside it",
        )
    ]
