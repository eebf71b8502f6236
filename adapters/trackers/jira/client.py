"""Implement `Tracker` for Jira Cloud's REST API (version 3)."""

import logging
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from adapters.http_calls import TOTAL_SECONDS, CallFailed, HttpApi, Unreadable
from adapters.http_outcomes import Advice, failed_check, is_gone, read_outcome, write_outcome
from adapters.trackers.failures import unavailable
from adapters.trackers.texts import document, one_line
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.trackers.issues import IssueState
from domain.trackers.trackers import OutgoingIssue, TrackedIssue, TrackerProfile

log = logging.getLogger(__name__)

PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,79}")
_KEY = re.compile(rf"({PROJECT.pattern}-\d{{1,9}})", re.IGNORECASE)
_PROPERTY = "switchboard"
_FIELDS = ["summary", "status", "resolution", "project"]
_MAX_FOUND = 100
#: A status that says so, whatever the resolution: projects that a team manages set "Done" with each.
_DROPPED = re.compile(
    r"won.?t|duplicat|duplikat|cancel|abgebrochen|cannot reproduce|declin|reject|abgelehnt|invalid|not a bug"
    r"|obsolete|abandon|nicht",
    re.IGNORECASE,
)

PROFILE = TrackerProfile(
    name="jira",
    label="Jira",
    key_example="SUP-12",
    settles_after=timedelta(minutes=1),  # of the index of its search
)
ADVICE: Advice = {
    HTTPStatus.UNAUTHORIZED: "Check JIRA_EMAIL and JIRA_API_TOKEN: the token may have expired",
    HTTPStatus.FORBIDDEN: "The account needs the permissions “Browse projects” and “Create issues”",
    HTTPStatus.NOT_FOUND: "Check JIRA_URL and JIRA_PROJECTS, and that the account may see the project",
}
_REMEDY = "check JIRA_URL, JIRA_EMAIL, JIRA_API_TOKEN and JIRA_PROJECTS"


class Jira:
    """Jira's issues. Our reference is kept as a property of the issue, which nobody sees."""

    def __init__(
        self,
        *,
        url: str,
        email: str,
        token: str,
        projects: Sequence[str],
        issue_type: str,
        fixed: Sequence[str],
        clock: Clock,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        login = b64encode(f"{email}:{token}".encode()).decode()
        headers = {"Authorization": f"Basic {login}"}
        self._api = HttpApi(PROFILE.label, f"{url}/rest/api/3", headers, total_seconds=total_seconds)
        self._url = url
        self._issue_type = issue_type
        self._fixed = frozenset(name.casefold() for name in fixed)
        self._clock = clock
        self.projects = tuple(projects)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def create(self, issue: OutgoingIssue) -> Outcome:
        """Create an issue with the reference as a property."""
        body = {
            "fields": {
                "project": {"key": issue.project},
                "issuetype": {"name": self._issue_type},
                "summary": one_line(issue.title, PROFILE.max_title_length),
                "description": document(issue.text, thread_url=issue.thread_url),
            },
            "properties": [{"key": _PROPERTY, "value": {"reference": issue.reference}}],
        }
        try:
            given = await self._api.call("POST", "/issue", body=body)
            if not isinstance(given, dict) or "key" not in given:
                raise Unreadable("Jira answered with an issue that cannot be read")
        except CallFailed as failure:
            log.info("an issue was not taken: %s", failure)
            return write_outcome(failure, PROFILE.label, ADVICE)
        return self._done(str(given.get("id")), str(given["key"]))

    async def find(self, issue: OutgoingIssue, *, since: datetime) -> Finding:
        """Look for the reference in the project's newest issues."""
        minutes = int((self._clock.now() - since).total_seconds() // 60) + 5
        jql = f'project = "{issue.project}" AND created >= "-{minutes}m" ORDER BY created DESC'
        body = {"jql": jql, "maxResults": _MAX_FOUND, "fields": ["summary"], "properties": [_PROPERTY]}
        try:
            for one in _listed(await self._api.call("POST", "/search/jql", body=body)):
                kept = one.get("properties", {}).get(_PROPERTY)
                if isinstance(kept, dict) and kept.get("reference") == issue.reference:
                    return self._done(str(one.get("id")), str(one.get("key")))
        except CallFailed as failure:
            return read_outcome(failure, PROFILE.label, ADVICE)
        return Absent()

    async def read(self, ids: Sequence[str], *, since: datetime | None) -> list[TrackedIssue]:  # noqa: ARG002 - the port's signature
        """Read the issues, in one call. Times in Jira's searches are in the account's time zone."""
        body = {"issueIdsOrKeys": list(ids), "fields": _FIELDS}
        try:
            given = await self._api.call("POST", "/issue/bulkfetch", body=body)
            return [self._parse(one) for one in _listed(given)]
        except CallFailed as failure:
            raise unavailable(failure, PROFILE.label, ADVICE) from None

    def recognise(self, text: str) -> str | None:
        """Return the key; a key alone must be of a project in the settings."""
        address = re.escape(self._url)
        pages = rf"{address}/(?:browse/|.*[?&]selectedIssue=|.*/issues/){_KEY.pattern}(?:[/?#&].*)?"
        if (found := re.fullmatch(pages, text.strip(), re.IGNORECASE)) is not None:
            return found[1].upper()
        if (found := _KEY.fullmatch(text.strip())) is not None:
            key = found[1].upper()
            return key if key.rpartition("-")[0] in self.projects else None
        return None

    async def look_up(self, named: str) -> TrackedIssue | None:
        """Read one issue by its key."""
        try:
            given = await self._api.call(
                "GET", f"/issue/{quote(named, safe='')}", query={"fields": ",".join(_FIELDS)}
            )
            return self._parse(given)
        except CallFailed as failure:
            if is_gone(failure):
                return None
            raise unavailable(failure, PROFILE.label, ADVICE) from None

    async def probe(self) -> list[CheckLine]:
        """Look whether the login is right, and whether each project has the type of issues."""
        return [await self._probe(key) for key in self.projects]

    async def _probe(self, key: str) -> CheckLine:
        title = f"{PROFILE.label} {key}"
        try:
            given = await self._api.call("GET", f"/project/{quote(key, safe='')}")
        except CallFailed as failure:
            return failed_check(title, failure, PROFILE.label, ADVICE, _REMEDY)
        types = given.get("issueTypes") if isinstance(given, dict) else None
        names = [str(one.get("name")) for one in types or () if isinstance(one, dict)]
        if self._issue_type not in names:
            detail = f"it has no type {self._issue_type}, but {', '.join(names) or 'none'}"
            return CheckLine(title, ok=False, detail=detail, remedy="check JIRA_ISSUE_TYPE")
        return CheckLine(title, ok=True, detail=f"a {self._issue_type} can be created there")

    def _parse(self, given: Any) -> TrackedIssue:  # noqa: ANN401 - as the API answers
        """Parse an issue; raises Unreadable."""
        try:
            fields, key = given["fields"], str(given["key"])
            status = fields["status"]
            name, category = str(status["name"]), status["statusCategory"]["key"]
            resolution = str((fields.get("resolution") or {}).get("name") or "")
            title = str(fields["summary"])
            issue_id = str(given["id"])
        except (KeyError, TypeError, AttributeError):
            raise Unreadable("Jira answered with an issue that cannot be read") from None
        state = self._closed_as(name, resolution) if category == "done" else IssueState.OPEN
        return TrackedIssue(
            id=issue_id,
            key=key,
            url=f"{self._url}/browse/{quote(key, safe='')}",
            title=title,
            project=key.rpartition("-")[0],
            state=state,
            state_name=resolution if state.is_closed and resolution and not _DROPPED.search(name) else name,
        )

    def _closed_as(self, status: str, resolution: str) -> IssueState:
        is_fixed = not resolution or resolution.casefold() in self._fixed
        return IssueState.FIXED if is_fixed and not _DROPPED.search(status) else IssueState.DROPPED

    def _done(self, issue_id: str, key: str) -> Done:
        return Done({"id": issue_id, "key": key, "url": f"{self._url}/browse/{quote(key, safe='')}"})


def _listed(given: object) -> list[dict[str, Any]]:
    """Return the issues of a list; raises Unreadable."""
    issues = given.get("issues") if isinstance(given, dict) else None
    if not isinstance(issues, list) or not all(isinstance(one, dict) for one in issues):
        raise Unreadable("Jira answered with something else than a list of issues")
    return issues
