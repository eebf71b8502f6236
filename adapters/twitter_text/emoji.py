"""Find emoji sequences (Unicode's emoji-test.txt without the group "Component")."""

from functools import cache

from adapters.twitter_text.data import read_lines


def find_emoji(text: str) -> dict[int, int]:
    """Return the length of each emoji by its index, in code points; from left to right, longest first."""
    sequences, starts, longest = _sequences()
    found: dict[int, int] = {}
    index = 0
    while index < len(text):
        length = 0
        if text[index] in starts:
            candidates = range(min(longest, len(text) - index), 0, -1)
            length = next((size for size in candidates if text[index : index + size] in sequences), 0)
        if length:
            found[index] = length
        index += length or 1
    return found


@cache
def _sequences() -> tuple[frozenset[str], frozenset[str], int]:
    """Return all sequences, their first characters, and the length of the longest."""
    sequences = frozenset(read_lines("emoji.txt"))
    return sequences, frozenset(one[0] for one in sequences), max(map(len, sequences))
