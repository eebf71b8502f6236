"""Join the lines of flowed text (RFC 3676), which mail programs wrap by a space at their ends."""

_SIGNATURE = "-- "


def unwrap(text: str, *, without_space: bool) -> str:
    """Return the text with each paragraph on one line; `without_space` is the parameter DelSp."""
    lines: list[tuple[str, str]] = []
    is_open = False  # whether the last line goes on
    for line in text.split("\n"):
        marks = line[: len(line) - len(line.lstrip(">"))]
        content = line[len(marks) :].removeprefix(" ")
        if is_open and lines and lines[-1][0] == marks and content != _SIGNATURE:
            lines[-1] = (marks, lines[-1][1] + content)
        else:
            lines.append((marks, content))
        is_open = content.endswith(" ") and content != _SIGNATURE
        if is_open and without_space:
            lines[-1] = (marks, lines[-1][1][:-1])
    return "\n".join(f"{marks} {content}" if marks else content for marks, content in lines)
