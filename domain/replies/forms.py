"""Define the view models of the forms for public and private replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.assistance.forms import FormAssistance
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.handoffs.handoff import Handoff
from domain.knowledge.articles import Article
from domain.replies.rules_of_engagement import RuleViolation
from domain.triage.situations import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A saved reply that the agent can pick instead of the suggestion, filled, and why it is offered.

    `fits` is whether it would be suggested by itself. `example` is a message of the reply's own that is
    similar, empty where none is; `situation` is the reply's where the case is about it.
    `sent_in_such_cases` counts the similar messages that it has answered.
    """

    name: str
    title: str
    text: str
    fits: bool = False
    example: str = ""
    situation: Situation | None = None
    sent_in_such_cases: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReplyForm:
    """The data of the Answer form.

    `text` is the current input, `length` and `limit` are its count by the network. `seen` is the id of the
    newest customer message that the agent has been shown; `new_messages` are the messages that arrived since
    they began to write. `assigned_to` is set where somebody else has claimed the case: to send is to take it
    over. `revision` grows when the input is replaced, which makes Slack show the new text.

    `saved_reply` names the saved reply that the text started from, empty where there is none; `is_picked`
    where the agent picked it instead of the suggestion. `is_signed`: the text started with the agent's
    initials at its end. `assistance` is what a model can do with the text; `None` where there is none.
    `article` is the help article that answers the customer, where one surely does. `promises` are what the
    text promises, in its words and until when.
    """

    view: CaseView
    text: str
    length: int
    limit: int
    seen: int
    options: Sequence[Option] = ()
    new_messages: Sequence[Message] = ()
    violations: Sequence[RuleViolation] = ()
    assigned_to: str | None = None
    revision: int = 0
    saved_reply: str = ""
    is_picked: bool = False
    is_signed: bool = False
    assistance: FormAssistance | None = None
    article: Article | None = None
    promises: Sequence[tuple[str, datetime]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateReplyForm:
    """The data of the form for a private reply.

    `handoff` says where it goes, to whom, and whether they are verified as the public author. `limit` is in
    characters; the other fields are as in `PublicReplyForm`.
    """

    view: CaseView
    handoff: Handoff
    text: str
    limit: int
    seen: int
    new_messages: Sequence[Message] = ()
    violations: Sequence[RuleViolation] = ()
    assigned_to: str | None = None
    revision: int = 0
    assistance: FormAssistance | None = None
    promises: Sequence[tuple[str, datetime]] = ()
