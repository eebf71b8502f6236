"""Choose the page's language from the browser's Accept-Language header."""

from collections.abc import Collection

MAX_HEADER = 500


def choose_language(accept_language: str, available: Collection[str], default: str) -> str:
    """Return the available language that the header prefers (RFC 9110, 12.5.4), or `default`, or English."""
    weighted: list[tuple[float, str]] = []
    for item in accept_language[:MAX_HEADER].split(","):
        tag, _, weight = item.partition(";")
        if (quality := _quality(weight)) > 0:
            weighted.append((quality, tag.strip().lower()))
    preferred = [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]
    from babel import negotiate_locale

    chosen = negotiate_locale(preferred, available, sep="-")
    return chosen or (default if default in available else "en")


def _quality(weight: str) -> float:
    name, _, value = weight.strip().lower().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
