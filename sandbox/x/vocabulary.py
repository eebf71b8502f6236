"""Speak both vocabularies of X's API: *tweets* (2.166) and *posts* (2.167).

A request in the newer one is put into the older one before it is answered, and its answer back again. Where a
request fits both, the answer is in the older one if the network speaks it. What X's documents leave open is
done so that nothing is lost: an expansion of the newer API holds for the posts that are included, too.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.x import api_facts
from sandbox.x.network import XNetwork
from sandbox.x.problems import invalid

#: Newer names by older ones: of fields, of objects' keys, of errors' values.
RENAMED = {
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "most_recent_tweet_id": "most_recent_post_id",
    "pinned_tweet_id": "pinned_post_id",
    "tweets": "posts",
    "retweet_count": "repost_count",
    "tweet_count": "post_count",
}
_OLDER = {newer: older for older, newer in RENAMED.items()}
#: Expansions of the older API by those of the newer one.
_EXPANSIONS = _OLDER | {"referenced_posts": "referenced_tweets.id", "affiliation": "affiliation.user_id"}
#: The field that an expansion brings along, in the older vocabulary (docs.x.com, "Expansions").
_BROUGHT = {
    "author_id": "author_id",
    "edit_history_tweet_ids": "edit_history_tweet_ids",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "sender_id": "sender_id",
    "participant_ids": "participant_ids",
}
_ERROR_VALUES = {"tweet": "post", "referenced_tweets.id": "referenced_posts"}
_HOSTS = ("https://api.twitter.com/", "https://api.x.com/")

Query = Mapping[str, str]


def version_of(network: XNetwork, call: str, query: Query) -> tuple[str, Query]:
    """Return the version that answers a call, and what it understands of the query.

    Raises Problem (400) where no version that the network speaks has all of it.
    """
    known = api_facts.versions()
    spoken = [name for name in (api_facts.TWEETS, api_facts.POSTS) if name in network.api_versions]
    version = next((name for name in spoken if known[name].fault(call, query) is None), None)
    if version is not None:
        return version, query
    newer = api_facts.POSTS in spoken and (len(spoken) == 1 or "post.fields" in query)
    version = api_facts.POSTS if newer else api_facts.TWEETS
    if network.passes_over_names:
        return version, _without_unknown(known[version], call, query)
    parameter, message = known[version].fault(call, query) or ("", "")
    raise invalid(parameter, [query[parameter]], message)


def older_query(version: str, query: Query) -> Query:
    """Put a query into the older vocabulary, with the fields that its expansions bring along."""
    is_newer = version == api_facts.POSTS
    expansions = {_EXPANSIONS.get(one, one) if is_newer else one for one in _names(query, "expansions")}
    brought = {_BROUGHT[one] for one in expansions & _BROUGHT.keys()}
    if is_newer and "referenced_tweets.id" in expansions:
        of_posts = expansions & {"author_id", "attachments.media_keys"}
        expansions |= {f"referenced_tweets.id.{name}" for name in of_posts}
    fields = {_OLDER.get(one, one) for one in _names(query, "post.fields")} | _names(query, "tweet.fields")
    return {
        **query,
        "expansions": ",".join(expansions),
        "tweet.fields": ",".join(fields | brought),
        "dm_event.fields": ",".join(_names(query, "dm_event.fields") | brought),
    }


def newer_answer(version: str, query: Query, body: Any) -> Any:  # noqa: ANN401 - JSON
    """Put an answer into the vocabulary of the version; the history of edits only where it was asked for."""
    if version == api_facts.TWEETS:
        return body
    has_history = not query or "edit_history_post_ids" in _names(query, "expansions")
    return _renamed(body, "" if has_history else "edit_history_tweet_ids")


def _renamed(body: Any, leaves_out: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(body, list):
        return [_renamed(one, leaves_out) for one in body]
    if not isinstance(body, dict):
        return body
    answer = {}
    for name, value in body.items():
        if name == leaves_out:
            continue
        if name in ("resource_type", "parameter"):
            answer[name] = _ERROR_VALUES.get(value, value)
        elif name == "type" and isinstance(value, str):
            answer[name] = value.replace(*_HOSTS)
        else:
            answer[RENAMED.get(name, name)] = _renamed(value, leaves_out)
    return answer


def _names(query: Query, parameter: str) -> set[str]:
    return set(query.get(parameter, "").split(",")) - {""}


def _without_unknown(version: api_facts.Version, call: str, query: Query) -> Query:
    """Leave out what the version does not have."""
    understood = {}
    for name, given in query.items():
        values = version.values(call, name)
        kept = [one for one in given.split(",") if not values or one in values]
        if kept and version.fault(call, {name: ",".join(kept)}) is None:
            understood[name] = ",".join(kept)
    return understood
