"""Parse and validate query parameters as X does: fields, expansions, ids, times, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sandbox.x.problems import invalid

TWEET_FIELDS = [
    "article",
    "attachments",
    "author_id",
    "card_uri",
    "community_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "display_text_range",
    "edit_controls",
    "edit_history_tweet_ids",
    "entities",
    "geo",
    "id",
    "in_reply_to_user_id",
    "lang",
    "media_metadata",
    "non_public_metrics",
    "note_tweet",
    "organic_metrics",
    "possibly_sensitive",
    "promoted_metrics",
    "public_metrics",
    "referenced_tweets",
    "reply_settings",
    "scopes",
    "source",
    "suggested_source_links",
    "text",
    "withheld",
]
USER_FIELDS = [
    "affiliation",
    "confirmed_email",
    "connection_status",
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "most_recent_tweet_id",
    "name",
    "parody",
    "pinned_tweet_id",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "subscription",
    "subscription_type",
    "url",
    "username",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
]
EXPANSIONS = [
    "article.cover_media",
    "article.media_entities",
    "attachments.media_keys",
    "attachments.media_source_tweet",
    "attachments.poll_ids",
    "author_id",
    "edit_history_tweet_ids",
    "entities.mentions.username",
    "geo.place_id",
    "in_reply_to_user_id",
    "entities.note.mentions.username",
    "referenced_tweets.id",
    "referenced_tweets.id.author_id",
]
DM_FIELDS = [
    "attachments",
    "created_at",
    "dm_conversation_id",
    "entities",
    "event_type",
    "id",
    "participant_ids",
    "referenced_tweets",
    "sender_id",
    "text",
]
DM_EXPANSIONS = ["attachments.media_keys", "participant_ids", "referenced_tweets.id", "sender_id"]
DM_EVENT_TYPES = ["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"]
MEDIA_FIELDS = [
    "alt_text",
    "duration_ms",
    "height",
    "media_key",
    "non_public_metrics",
    "organic_metrics",
    "preview_image_url",
    "promoted_metrics",
    "public_metrics",
    "type",
    "url",
    "variants",
    "width",
]
MEDIA_PARAMETERS = ("media.fields", "poll.fields", "place.fields")


@dataclass(frozen=True, slots=True)
class RequestedFields:
    """The requested fields and expansions of one call."""

    tweet: frozenset[str]
    user: frozenset[str]
    expansions: frozenset[str]
    dm: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()


def parse_fields(
    query: Mapping[str, str], *, expands: tuple[str, ...] | list[str] = EXPANSIONS
) -> RequestedFields:
    """Parse the fields of posts, users and media, and `expansions`.

    Raises Problem (400) for an unknown name.
    """
    return RequestedFields(
        tweet=frozenset(
            {"id", "text", "edit_history_tweet_ids"} | _names(query, "tweet.fields", TWEET_FIELDS)
        ),
        user=frozenset({"id", "name", "username"} | _names(query, "user.fields", USER_FIELDS)),
        expansions=frozenset(_names(query, "expansions", expands)),
        media=frozenset({"media_key", "type"} | _names(query, "media.fields", MEDIA_FIELDS)),
    )


def parse_dm_fields(query: Mapping[str, str]) -> RequestedFields:
    """Parse the same for calls that list direct messages, plus `dm_event.fields`."""
    return replace(
        parse_fields(query, expands=DM_EXPANSIONS),
        dm=frozenset({"id", "event_type", "text"} | _names(query, "dm_event.fields", DM_FIELDS)),
    )


def event_types(query: Mapping[str, str]) -> frozenset[str]:
    """Parse the requested event types; all, where the call names none. Raises Problem (400)."""
    return frozenset(_names(query, "event_types", DM_EVENT_TYPES) or DM_EVENT_TYPES)


def reject_unknown(query: Mapping[str, str], allowed: set[str]) -> None:
    """Reject parameters that the call does not have. Raises Problem (400)."""
    for name in query:
        if name not in allowed:
            listed = ",".join(sorted(allowed))
            raise invalid(name, [query[name]], f"The query parameter [{name}] is not one of [{listed}]")


def parse_integer(query: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """Parse an integer within limits. Raises Problem (400)."""
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


def _names(query: Mapping[str, str], parameter: str, allowed: tuple[str, ...] | list[str]) -> set[str]:
    names = set(query.get(parameter, "").split(",")) - {""}
    for name in sorted(names - set(allowed)):
        listed = ",".join(allowed)
        raise invalid(
            parameter,
            [query[parameter]],
            f"The `{parameter}` query parameter value [{name}] is not one of [{listed}]",
        )
    return names
