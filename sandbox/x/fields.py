"""Parse and validate query parameters as X does: fields, expansions, ids, times, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from sandbox.x.problems import invalid

QUERY: web.RequestKey[Mapping[str, str]] = web.RequestKey("query", Mapping)
DM_EVENT_TYPES = ["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"]


@dataclass(frozen=True, slots=True)
class RequestedFields:
    """The requested fields and expansions of one call."""

    tweet: frozenset[str]
    user: frozenset[str]
    expansions: frozenset[str]
    dm: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()


def query_of(request: web.Request) -> Mapping[str, str]:
    """Return the query of a call in the older vocabulary; what it names is known by then."""
    return request[QUERY]


def parse_fields(query: Mapping[str, str]) -> RequestedFields:
    """Parse the fields of posts, users and media, and `expansions`."""
    return RequestedFields(
        tweet=frozenset({"id", "text", "edit_history_tweet_ids"} | _names(query, "tweet.fields")),
        user=frozenset({"id", "name", "username"} | _names(query, "user.fields")),
        expansions=frozenset(_names(query, "expansions")),
        media=frozenset({"media_key", "type"} | _names(query, "media.fields")),
    )


def parse_dm_fields(query: Mapping[str, str]) -> RequestedFields:
    """Parse the same for calls that list direct messages, plus `dm_event.fields`."""
    return replace(
        parse_fields(query), dm=frozenset({"id", "event_type", "text"} | _names(query, "dm_event.fields"))
    )


def event_types(query: Mapping[str, str]) -> frozenset[str]:
    """Parse the requested event types; all, where the call names none."""
    return frozenset(_names(query, "event_types") or DM_EVENT_TYPES)


def parse_page_size(query: Mapping[str, str], default: int, low: int) -> int:
    """Parse `max_results`, from `low` to 100. Raises Problem (400)."""
    name, high = "max_results", 100
    given = query.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and low <= int(given) <= high):
        raise invalid(
            name, [given], f"The `{name}` query parameter value [{given}] is not between {low} and {high}"
        )
    return int(given)


def post_id(query: Mapping[str, str], name: str) -> int | None:
    """Parse a post id. Raises Problem (400)."""
    given = query.get(name)
    return None if given is None else int(checked_id(name, given))


def checked_id(name: str, given: str) -> str:
    """Validate an id as X does: 1 to 19 digits. Raises Problem (400)."""
    if not (given.isascii() and given.isdigit() and len(given) <= 19):  # noqa: PLR2004 - X's own pattern
        raise invalid(name, [given], f"The `{name}` query parameter value [{given}] is not valid")
    return given


def parse_time(query: Mapping[str, str], name: str) -> float | None:
    """Parse a time like 2026-11-21T19:07:00Z to seconds since the epoch. Raises Problem (400)."""
    given = query.get(name)
    if given is None:
        return None
    try:
        parsed = datetime.fromisoformat(given)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise invalid(
            name, [given], f"The `{name}` query parameter value [{given}] is not a valid RFC3339 timestamp"
        )
    return parsed.timestamp()


def _names(query: Mapping[str, str], parameter: str) -> set[str]:
    return set(query.get(parameter, "").split(",")) - {""}
