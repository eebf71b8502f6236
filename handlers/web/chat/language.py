"""Choose the page's language from the browser's Accept-Language header."""

from collections.abc import Collection

LONGEST_HEADER = 500


def choose_language(accept_language: str, available: Collection[str], default: str) -> str:
    """Return the available language that the header prefers (RFC 9110, 12.5.4), or `default`, or English."""
    weighed: list[tuple[float, str]] = []
    for item in accept_language[:LONGEST_HEADER].split(","):
        tag, _, weight = item.partition(";")
        if (quality := _quality(weight)) > 0:
            weighed.append((quality, tag.strip().lower()))
    preferred = [tag for _, tag in sorted(weighed, key=lambda one: -one[0])]
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
