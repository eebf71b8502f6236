"""Derive readable colours from the brand's colour (contrast of WCAG 2.2, 1.4.3)."""

MIN_CONTRAST = 4.6  # WCAG requires 4.5; the margin covers rounding
#: The backgrounds of coloured text (layout.css) with the lowest contrast.
_LIGHT_SURFACE, _DARK_SURFACE = "#f3f5f6", "#272e32"
_BLACK, _WHITE = "#000000", "#ffffff"  # one of the two always has a contrast of at least 4.58
_STEPS = 40

_Rgb = tuple[float, float, float]


def stylesheet(colour: str) -> str:
    """Build the brand's CSS variables for light and dark mode."""
    on_brand = max((_WHITE, _BLACK), key=lambda text_colour: contrast(text_colour, colour))
    light, dark = (
        _readable(colour, on=_LIGHT_SURFACE, towards="#000000"),
        _readable(colour, on=_DARK_SURFACE, towards="#ffffff"),
    )
    return (
        f":root {{ --brand: {colour}; --on-brand: {on_brand}; --brand-text: {light}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ --brand-text: {dark}; }} }}\n"
    )


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours "#rrggbb", from 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(_rgb(first)), _luminance(_rgb(second))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, *, on: str, towards: str) -> str:
    mixed = (_mix(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((first for first in mixed if contrast(first, on) >= MIN_CONTRAST), towards)


def _mix(first: str, second: str, share: float) -> str:
    parts = (a + (b - a) * share for a, b in zip(_rgb(first), _rgb(second), strict=True))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def _rgb(colour: str) -> _Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(rgb: _Rgb) -> float:
    threshold = 0.04045
    red, green, blue = (
        part / 12.92 if part <= threshold else ((part + 0.055) / 1.055) ** 2.4 for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
