"""Encode and parse what reviews and previews keep in `private_metadata`."""

import json
from dataclasses import dataclass

from adapters.slack.action_ids import MAX_NUMBER, BadValue, load_json
from domain.outages.review import NoticeReview


@dataclass(frozen=True, slots=True)
class ReviewMetadata:
    """The notice that is shown: its id, its version and digest then, and the keys of the shown warnings."""

    notice_id: int
    version: int
    seen: str
    shown: tuple[str, ...] = ()
    revision: int = 0


def review_metadata(review: NoticeReview, *, revision: int = 0) -> str:
    """Encode the metadata of a preview or review."""
    notice = review.notice
    data = [notice.id, notice.version, notice.digest, warning_keys(review), revision]
    return json.dumps(data, separators=(",", ":"))


def warning_keys(review: NoticeReview) -> list[str]:
    """Return a key for each warning, short enough for the metadata of many."""
    positions = {(text.destination, text.language): at for at, text in enumerate(review.texts)}
    keys = [f"{positions[one.destination, one.language]}{one.fault.value[:6]}" for one in review.warnings]
    return sorted(set(keys))[:200]


def parse_review_metadata(text: object) -> ReviewMetadata:
    """Parse `review_metadata`; raises `BadValue`."""
    data = load_json(text)
    match data:
        case [int(notice_id), int(version), str(seen), list(shown), int(revision)] if all(
            0 <= number <= MAX_NUMBER for number in (notice_id, version, revision)
        ) and all(isinstance(key, str) for key in shown):
            return ReviewMetadata(notice_id, version, seen, tuple(shown), revision)
    raise BadValue
