"""Implement `Tracker` for GitHub's REST API (version 2022-11-28)."""

import logging
import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from typing import Any

from adapters.http_calls import (
    TOTAL_SECONDS,
    CallFailed,
    HttpApi,
    Method,
    RateLimited,
    Refusal,
    Unreadable,
    bounded_wait,
)
from adapters.http_outcomes import Advice, failed_check, is_gone, read_outcome, write_outcome
from adapters.trackers.failures import unavailable
from adapters.trackers.texts import markdown, one_line
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.trackers.issues import IssueState
from domain.trackers.trackers import OutgoingIssue, TrackedIssue, TrackerProfile

log = logging.getLogger(__name__)

REPOSITORY = re.compile(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}")
_KEY = re.compile(rf"(?:({REPOSITORY.pattern}))?#?(\d{{1,9}})")
_PAGE_SIZE = 100
_MAX_PAGES = 5
_CLOCK_SKEW = timedelta(minutes=5)

PROFILE = TrackerProfile(name="github", label="GitHub", key_example="acme/app#12", max_title_length=256)
ADVICE: Advice = {
    HTTPStatus.UNAUTHORIZED: "Check GITHUB_ISSUES_TOKEN: it may have expired",
    HTTPStatus.FORBIDDEN: "The token needs the permission “Issues: read and write” on the repository",
    HTTPStatus.NOT_FOUND: "Check GITHUB_ISSUES_REPOSITORIES, and that the token may see the repository",
    HTTPStatus.GONE: "Issues are switched off in this repository",
}
_REMEDY = "check GITHUB_ISSUES_TOKEN and GITHUB_ISSUES_REPOSITORIES"


class GitHub:
    """GitHub's issues. An issue's id is "owner/name#number". The reference is a comment in its body."""

    def __init__(
        self,
        *,
        api_url: str,
        token: str,
        repositories: Sequence[str],
        clock: Clock,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._api = HttpApi(PROFILE.label, api_url, headers, total_seconds=total_seconds)
        self._pages_of_issues = re.compile(
            rf"{re.escape(_web_base(api_url))}/({REPOSITORY.pattern})/issues/(\d{{1,9}})(?:[/?#].*)?",
            re.IGNORECASE,
        )
        self._clock = clock
        self.projects = tuple(repositories)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def create(self, issue: OutgoingIssue) -> Outcome:
        """Create an issue whose body has the reference in a comment."""
        body = {
            "title": one_line(issue.title, PROFILE.max_title_length),
            "body": f"{markdown(issue.text, thread_url=issue.thread_url)}\n\n{_marker(issue.reference)}",
        }
        try:
            created = _parse(await self._call("POST", f"/repos/{issue.project}/issues", body=body))
        except CallFailed as failure:
            log.info("an issue was not taken: %s", failure)
            return write_outcome(failure, PROFILE.label, ADVICE)
        return _done(created)

    async def find(self, issue: OutgoingIssue, *, since: datetime) -> Finding:
        """Look for the reference in the repository's newest issues: a search would find it minutes later."""
        query = {"sort": "created", "direction": "desc", "since": _text(since - _CLOCK_SKEW)}
        try:
            async for given in self._pages(issue.project, query):
                marked = (one for one in given if _marker(issue.reference) in str(one.get("body") or ""))
                if (found := next(marked, None)) is not None:
                    return _done(_parse(found))
        except CallFailed as failure:
            return read_outcome(failure, PROFILE.label, ADVICE)
        return Absent()

    async def read(self, ids: Sequence[str], *, since: datetime | None) -> list[TrackedIssue]:
        """Read what changed in each repository, a page of a hundred at a time; without `since` each issue."""
        try:
            if since is None:
                return [one for key in ids if (one := await self._one(key)) is not None]
            return [one async for one in self._changed(ids, since)]
        except CallFailed as failure:
            raise unavailable(failure, PROFILE.label, ADVICE) from None

    def recognise(self, text: str) -> str | None:
        """Return the issue's id; a number alone is one of the first repository."""
        if (found := self._pages_of_issues.fullmatch(text.strip())) is not None:
            return f"{found[1]}#{found[2]}"
        if (found := _KEY.fullmatch(text.strip())) is not None and "#" in text:
            return f"{found[1] or self.projects[0]}#{found[2]}"
        return None

    async def look_up(self, named: str) -> TrackedIssue | None:
        """Read one issue."""
        try:
            return await self._one(named)
        except CallFailed as failure:
            raise unavailable(failure, PROFILE.label, ADVICE) from None

    async def probe(self) -> list[CheckLine]:
        """Look whether the token is valid and may see each repository, and whether that has issues."""
        return [await self._probe(name) for name in self.projects]

    async def _probe(self, name: str) -> CheckLine:
        title = f"{PROFILE.label} {name}"
        try:
            given = await self._call("GET", f"/repos/{name}")
        except CallFailed as failure:
            return failed_check(title, failure, PROFILE.label, ADVICE, _REMEDY)
        if not isinstance(given, dict) or not given.get("has_issues"):
            return CheckLine(title, ok=False, detail="issues are switched off there", remedy="switch them on")
        return CheckLine(title, ok=True, detail="issues can be created there")

    async def _changed(self, ids: Sequence[str], since: datetime) -> AsyncIterator[TrackedIssue]:
        """Read what changed. A repository that only links lead to may be gone: the others are read still."""
        ours = {name.casefold() for name in self.projects}
        for name, keys in groupby(sorted(ids), key=_repository):
            try:
                async for one in self._changed_in(name, list(keys), since):
                    yield one
            except Refusal as refusal:
                if name.casefold() in ours or not _is_moved_or_gone(refusal):
                    raise
                log.info("issues of %s are not followed: %s", name, refusal)

    async def _changed_in(
        self, name: str, keys: Collection[str], since: datetime
    ) -> AsyncIterator[TrackedIssue]:
        query = {"sort": "updated", "direction": "asc", "since": _text(since)}
        pages = 0
        async for given in self._pages(name, query):
            pages += 1
            for one in map(_parse, given):
                if one.id in keys:
                    yield one
        if pages == _MAX_PAGES:  # there may be more
            for key in keys:
                if (issue := await self._one(key)) is not None:
                    yield issue

    async def _one(self, key: str) -> TrackedIssue | None:
        name, _, number = key.partition("#")
        try:
            return _parse(await self._call("GET", f"/repos/{name}/issues/{number}"))
        except Refusal as refusal:
            if _is_moved_or_gone(refusal):
                return None
            raise

    async def _pages(self, name: str, query: Mapping[str, str]) -> AsyncIterator[list[Any]]:
        for page in range(1, _MAX_PAGES + 1):
            given = await self._call(
                "GET",
                f"/repos/{name}/issues",
                query={"state": "all", "per_page": _PAGE_SIZE, "page": page, **query},
            )
            if not isinstance(given, list):
                raise Unreadable("GitHub answered with something else than a list of issues")
            yield given
            if len(given) < _PAGE_SIZE:
                return

    async def _call(
        self, method: Method, path: str, *, body: object = None, query: dict[str, str | int] | None = None
    ) -> Any:  # noqa: ANN401 - as the other side answers
        try:
            return await self._api.call(method, path, body=body, query=query)
        except Refusal as refusal:
            raise self._limited(refusal) or refusal from None

    def _limited(self, refusal: Refusal) -> RateLimited | None:
        """Return that a rate limit is reached, which GitHub says by 403 or 429 and headers."""
        if refusal.status not in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}:
            return None
        headers = refusal.response.headers
        if "Retry-After" in headers:
            return RateLimited(PROFILE.label, refusal.wait)
        if headers.get("X-RateLimit-Remaining") == "0":
            reset = headers.get("X-RateLimit-Reset", "")
            seconds = float(reset) - self._clock.now().timestamp() if reset.isdigit() else ""
            return RateLimited(PROFILE.label, bounded_wait(seconds))
        is_limit = refusal.status == HTTPStatus.TOO_MANY_REQUESTS or "rate limit" in refusal.detail
        return RateLimited(PROFILE.label, bounded_wait("")) if is_limit else None


def _is_moved_or_gone(refusal: Refusal) -> bool:
    """Return whether an issue or a repository was deleted, hidden from us, or transferred."""
    return is_gone(refusal) or refusal.status == HTTPStatus.MOVED_PERMANENTLY


def _web_base(api_url: str) -> str:
    """Return where people see the issues of the API at this address."""
    return api_url.replace("://api.", "://").removesuffix("/api/v3")


def _marker(reference: str) -> str:
    return f"<!-- switchboard:{reference} -->"


def _repository(key: str) -> str:
    return key.partition("#")[0]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parse(given: Any) -> TrackedIssue:  # noqa: ANN401 - as the API answers
    """Parse an issue; raises Unreadable."""
    try:
        url, number = str(given["html_url"]), int(given["number"])
        name = "/".join(str(given["repository_url"]).rsplit("/", 2)[-2:])
        is_closed, reason = given["state"] == "closed", given.get("state_reason")
        title = str(given["title"])
    except (KeyError, TypeError, ValueError):
        raise Unreadable("GitHub answered with an issue that cannot be read") from None
    state = IssueState.OPEN
    if is_closed:
        state = IssueState.FIXED if reason in {None, "completed"} else IssueState.DROPPED
    state_name = str(reason or "completed").replace("_", " ") if is_closed else "open"
    return TrackedIssue(
        id=f"{name}#{number}",
        key=f"{name}#{number}",
        url=url,
        title=title,
        project=name,
        state=state,
        state_name=state_name,
    )


def _done(issue: TrackedIssue) -> Done:
    return Done({"id": issue.id, "key": issue.key, "url": issue.url})
