"""The brand's colour as the page needs it: whatever it is, what is written on it and with it can be read (WCAG 2.2, 1.4.3)."""

READABLE = 4.6  # a little above the 4.5 of the rule, for what rounding takes away
#: Of the surfaces that coloured text stands on (frame.css), those on which it is hardest to read.
_LIGHT, _DARK = "#f3f5f6", "#272e32"
_BLACK, _WHITE = "#000000", "#ffffff"  # one of the two is always readable: 4.58 at least
_STEPS = 40

_Rgb = tuple[float, float, float]


def stylesheet(colour: str) -> str:
    """The variables of the brand, for light and dark."""
    on_brand = max((_WHITE, _BLACK), key=lambda ink: contrast(ink, colour))
    light, dark = (
        _readable(colour, on=_LIGHT, towards="#000000"),
        _readable(colour, on=_DARK, towards="#ffffff"),
    )
    return (
        f":root {{ --brand: {colour}; --on-brand: {on_brand}; --brand-ink: {light}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ --brand-ink: {dark}; }} }}\n"
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours "#rrggbb", from 1 to 21, as WCAG defines it."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, *, on: str, towards: str) -> str:
    mixed = (_mix(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((one for one in mixed if contrast(one, on) >= READABLE), towards)


def _mix(one: str, other: str, share: float) -> str:
    parts = (a + (b - a) * share for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def _rgb(colour: str) -> _Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(rgb: _Rgb) -> float:
    low = 0.04045
    red, green, blue = (part / 12.92 if part <= low else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
