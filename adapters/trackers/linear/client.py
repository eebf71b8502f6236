"""Implement `Tracker` for Linear's GraphQL API."""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from adapters.http_calls import (
    TOTAL_SECONDS,
    CallFailed,
    HttpApi,
    RateLimited,
    Refusal,
    Response,
    Unreadable,
    bounded_wait,
)
from adapters.http_outcomes import Advice, failed_check, is_gone, read_outcome, write_outcome
from adapters.trackers.failures import unavailable
from adapters.trackers.texts import markdown, one_line
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.trackers.issues import IssueState
from domain.trackers.trackers import MAX_BATCH, OutgoingIssue, TrackedIssue, TrackerProfile

log = logging.getLogger(__name__)

PROFILE = TrackerProfile(name="linear", label="Linear", key_example="ENG-12", settles_after=timedelta())
ADVICE: Advice = {
    HTTPStatus.UNAUTHORIZED: "Check LINEAR_API_KEY: it may have been revoked",
    HTTPStatus.FORBIDDEN: "The key may not do this: it needs “Read” and “Create issues” for the team",
    HTTPStatus.NOT_FOUND: "Check LINEAR_API_URL and LINEAR_TEAMS",
}
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{0,6}-\d{1,7})")
_PAGE = rf"/[^/?#]+/issue/{_KEY.pattern}(?:[/?#].*)?"
_CLOSED = {"completed": IssueState.FIXED, "canceled": IssueState.DROPPED, "duplicate": IssueState.DROPPED}
_FIELDS = "id identifier url title state { name type } team { key }"
_CREATE = f"mutation($input: IssueCreateInput!) {{ issueCreate(input: $input) {{ success issue {{ {_FIELDS} }} }} }}"
_READ = (
    f"query($filter: IssueFilter!, $first: Int!) {{ issues(filter: $filter, first: $first, "
    f"includeArchived: true) {{ nodes {{ {_FIELDS} }} }} }}"
)
_LOOK_UP = f"query($id: String!) {{ issue(id: $id) {{ {_FIELDS} }} }}"
_TEAMS = "query($keys: [String!]!) { teams(filter: { key: { in: $keys } }) { nodes { id key } } }"
#: What Linear calls an error, as the status of HTTP that says the same.
_STATUSES = {
    "AUTHENTICATION_ERROR": HTTPStatus.UNAUTHORIZED,
    "FORBIDDEN": HTTPStatus.FORBIDDEN,
    "INTERNAL_SERVER_ERROR": HTTPStatus.INTERNAL_SERVER_ERROR,
}
_NOT_FOUND = "entity not found"


class Linear:
    """Linear's issues. Our reference is an issue's id, which Linear lets us choose: there is only one."""

    def __init__(
        self,
        *,
        api_url: str,
        api_key: str,
        teams: Sequence[str],
        clock: Clock,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._api = HttpApi(PROFILE.label, api_url, {"Authorization": api_key}, total_seconds=total_seconds)
        # Linear's pages are at another host than its API; a stand-in's are below its address.
        self._page = re.compile(rf"(?:https?://linear\.app|{re.escape(api_url)}){_PAGE}", re.IGNORECASE)
        self._clock = clock
        self._team_ids: dict[str, str] = {}
        self.projects = tuple(teams)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def create(self, issue: OutgoingIssue) -> Outcome:
        """Create an issue under the id that is the reference."""
        try:
            team_id = (await self._teams()).get(issue.project.upper())
        except CallFailed as failure:
            return read_outcome(failure, PROFILE.label, ADVICE)
        if team_id is None:
            return Failed(f"Linear has no team {issue.project} that the key can see. Check LINEAR_TEAMS")
        given = {
            "id": issue.reference,
            "teamId": team_id,
            "title": one_line(issue.title, PROFILE.max_title_length),
            "description": markdown(issue.text, thread_url=issue.thread_url),
        }
        try:
            answer = await self._ask(_CREATE, {"input": given})
            created = _parse(_member(_member(answer, "issueCreate"), "issue"))
        except CallFailed as failure:
            log.info("an issue was not taken: %s", failure)
            return write_outcome(failure, PROFILE.label, ADVICE)
        return _done(created)

    async def find(self, issue: OutgoingIssue, *, since: datetime) -> Finding:  # noqa: ARG002 - known by its id
        """Look for the issue of that id."""
        try:
            found = await self._list([issue.reference], since=None)
        except CallFailed as failure:
            return read_outcome(failure, PROFILE.label, ADVICE)
        return _done(found[0]) if found else Absent()

    async def read(self, ids: Sequence[str], *, since: datetime | None) -> list[TrackedIssue]:
        """Read the issues that changed, in one call."""
        try:
            return await self._list(ids, since=since)
        except CallFailed as failure:
            raise unavailable(failure, PROFILE.label, ADVICE) from None

    def recognise(self, text: str) -> str | None:
        """Return the identifier; a key alone must be of a team in the settings."""
        if (found := self._page.fullmatch(text.strip())) is not None:
            return found[1].upper()
        if (found := _KEY.fullmatch(text.strip())) is not None:
            key = found[1].upper()
            return key if key.rpartition("-")[0] in {team.upper() for team in self.projects} else None
        return None

    async def look_up(self, named: str) -> TrackedIssue | None:
        """Read one issue by its identifier."""
        try:
            return _parse(_member(await self._ask(_LOOK_UP, {"id": named}), "issue"))
        except CallFailed as failure:
            if is_gone(failure):
                return None
            raise unavailable(failure, PROFILE.label, ADVICE) from None

    async def probe(self) -> list[CheckLine]:
        """Look whether the key is valid and can see each team."""
        remedy = "check LINEAR_API_KEY and LINEAR_TEAMS"
        try:
            known = await self._teams()
        except CallFailed as failure:
            return [failed_check(PROFILE.label, failure, PROFILE.label, ADVICE, remedy)]
        return [
            CheckLine(f"{PROFILE.label} {team}", ok=True, detail="issues can be created there")
            if team.upper() in known
            else CheckLine(f"{PROFILE.label} {team}", ok=False, detail="there is no such team", remedy=remedy)
            for team in self.projects
        ]

    async def _teams(self) -> Mapping[str, str]:
        """Return the ids of our teams by key; what was found once is kept."""
        if len(self._team_ids) < len(self.projects):
            answer = await self._ask(_TEAMS, {"keys": [team.upper() for team in self.projects]})
            nodes = _nodes(answer, "teams")
            self._team_ids = {str(one.get("key")).upper(): str(one.get("id")) for one in nodes}
        return self._team_ids

    async def _list(self, ids: Sequence[str], *, since: datetime | None) -> list[TrackedIssue]:
        wanted: dict[str, Any] = {"id": {"in": list(ids)}}
        if since is not None:
            wanted["updatedAt"] = {"gte": since.astimezone(UTC).isoformat()}
        answer = await self._ask(_READ, {"filter": wanted, "first": MAX_BATCH})
        return [_parse(one) for one in _nodes(answer, "issues")]

    async def _ask(self, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """Make a call and return its data; raises CallFailed, also for errors that come with success."""
        try:
            answer = await self._api.call("POST", "/graphql", body={"query": query, "variables": variables})
        except Refusal as refusal:
            raise self._error_in(refusal.response.parsed(), refusal.response) or refusal from None
        error = self._error_in(answer, None)
        if error is not None:
            raise error
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict):
            raise Unreadable("Linear answered with something else than its API does")
        return data

    def _error_in(self, answer: object, response: Response | None) -> CallFailed | None:
        """Return the first error of an answer as what it means; `None` if there is none."""
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
            return None
        extensions = errors[0].get("extensions")
        details = extensions if isinstance(extensions, dict) else {}
        code = str(details.get("code") or "")
        if code == "RATELIMITED":
            return RateLimited(PROFILE.label, bounded_wait(self._seconds_left(response)))
        reason = str(details.get("userPresentableMessage") or errors[0].get("message") or "")
        is_unknown = _NOT_FOUND in str(errors[0].get("message") or "").casefold()
        status = HTTPStatus.NOT_FOUND if is_unknown else _STATUSES.get(code, HTTPStatus.BAD_REQUEST)
        if response is not None and response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        return Refusal.of(status, reason)

    def _seconds_left(self, response: Response | None) -> str | float:
        """Return in how many seconds the limit is reset; empty where that is not said."""
        reset = response.headers.get("X-RateLimit-Requests-Reset", "") if response is not None else ""
        return float(reset) / 1000 - self._clock.now().timestamp() if reset.isdigit() else ""


def _member(given: object, name: str) -> Any:  # noqa: ANN401 - as the API answers
    if not isinstance(given, dict):
        raise Unreadable("Linear answered with something else than its API does")
    return given.get(name)


def _nodes(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    nodes = _member(answer.get(name), "nodes")
    if not isinstance(nodes, list) or not all(isinstance(one, dict) for one in nodes):
        raise Unreadable("Linear answered with something else than a list")
    return nodes


def _parse(given: Any) -> TrackedIssue:  # noqa: ANN401 - as the API answers
    """Parse an issue; raises Unreadable."""
    try:
        return TrackedIssue(
            id=str(given["id"]),
            key=str(given["identifier"]),
            url=str(given["url"]),
            title=str(given["title"]),
            project=str(given["team"]["key"]),
            state=_CLOSED.get(str(given["state"]["type"]), IssueState.OPEN),
            state_name=str(given["state"]["name"]),
        )
    except (KeyError, TypeError):
        raise Unreadable("Linear answered with an issue that cannot be read") from None


def _done(issue: TrackedIssue) -> Done:
    return Done({"id": issue.id, "key": issue.key, "url": issue.url})
