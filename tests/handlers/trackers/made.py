"""Build issues, and shortcuts for the use cases of trackers."""

import uuid
from datetime import datetime
from typing import Any

from adapters.prompts.fixed_replies import load_fixed_replies
from domain.cases.case import Case
from domain.intake.posts import Author
from domain.intake.stream_names import MENTIONS
from domain.trackers.issues import Issue, IssueState, IssueSubject
from domain.trackers.trackers import TrackedIssue
from handlers.classifiers import PROMPTS
from handlers.intake.mentions import ingest_posts
from handlers.trackers.following import record_reading
from handlers.trackers.issues import IssueRequest, create_issue, record_created
from storage.engine import Store
from tests.handlers.made import ACME, ANA, NOW, PROFILE, SAM, a_post, a_trained_classifier, do

REPLIES = load_fixed_replies(PROMPTS / "trackers", {})
URL = "https://github.example/acme/app/issues/1"


def asked_for(store: Store, case: Case, **changes: Any) -> Issue:  # noqa: ANN401 - any of the fields
    """Ask for an issue from a case."""
    usual: dict[str, Any] = {
        "subject": IssueSubject(case_id=case.id),
        "tracker": "github",
        "project": "acme/app",
        "title": "The app eats payments",
        "text": "> it eats my payment",
        "thread_url": None,
        "reference": str(uuid.uuid4()),
    }
    return do(store, create_issue, IssueRequest(**usual | changes), user_id=SAM, now=NOW)


def an_issue(store: Store, case: Case, number: int = 1) -> Issue:
    """Create an issue from a case; return it as it is stored."""
    issue = asked_for(store, case)
    result = {"id": f"acme/app#{number}", "key": f"acme/app#{number}", "url": URL}
    do(store, record_created, issue_id=issue.id, case_id=case.id, result=result, now=NOW)
    return stored(store, issue.id)


def stored(store: Store, issue_id: int) -> Issue:
    """Load an issue."""
    with store.unit_of_work() as uow:
        return uow.issues.get(issue_id)


def seen(state: IssueState, name: str = "", number: int = 1) -> TrackedIssue:
    """Return an issue as its tracker tells it."""
    key = f"acme/app#{number}"
    return TrackedIssue(
        id=key,
        key=key,
        url=URL,
        title="The app eats payments",
        project="acme/app",
        state=state,
        state_name=name,
    )


def read(store: Store, one: TrackedIssue, *, now: datetime = NOW) -> bool:
    """Record what a tracker tells; return whether that is news."""
    return do(store, record_reading, tracker="github", seen=one, channel="C1", now=now)


def write(store: Store, text: str, *, now: datetime, author: Author = ANA) -> None:
    """Have a customer write another post, which is read as the bot does: with the trained heads."""
    do(
        store,
        ingest_posts,
        account=ACME,
        profile=PROFILE,
        posts=[a_post(f"99{now.minute}", text, created_at=now, author=author)],
        stream=MENTIONS,
        newest_id=None,
        classifier=a_trained_classifier(),
        now=now,
    )
