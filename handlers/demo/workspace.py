"""Hold what the events of a history are applied to: the use cases' parts, and what came of earlier events."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.cases.case import Case
from domain.intake.posts import Author
from domain.networks import Connected
from handlers.context import AppContext
from handlers.triage.classify import Classifier
from sandbox.history.events import Customer, Event, OwnPost
from storage.unit_of_work import UnitOfWork


class NotAccepted(Exception):
    """A use case returned its form again: the history has an act that it does not take."""

    def __init__(self, event: Event, violations: Sequence[object]) -> None:
        super().__init__(event, violations)


@dataclass(frozen=True, slots=True)
class StartedHandoff:
    """A hand-off that was offered, and the nonce of its link."""

    id: int
    nonce: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """The context, with the ids of cases by story, hand-offs by story, and outages by number.

    What happened before `recent` is read by the rules alone: the encoder would take longer than all the rest,
    and only newer cases are seen as cards. `own_posts` are the posts of ours that were made.
    """

    ctx: AppContext
    recent: datetime
    by_rules: Classifier
    by_encoder: Classifier
    cases: dict[int, int] = field(default_factory=dict)
    handoffs: dict[int, StartedHandoff] = field(default_factory=dict)
    outages: dict[int, int] = field(default_factory=dict)
    own_posts: list[OwnPost] = field(default_factory=list)

    @classmethod
    def of(cls, ctx: AppContext, *, recent: datetime) -> "Workspace":
        """Return an empty workspace. Nothing is learnt from its answers: that takes longer than they do."""
        classifier = replace(ctx.live_classifier.current, learns=False)
        return cls(ctx, recent, replace(classifier, trained=None, by_encoder=None), classifier)

    @property
    def network(self) -> Connected:
        """The network that customers write on."""
        return next(iter(self.ctx.networks.values()))

    def classifier(self, event: Event) -> Classifier:
        """Return what reads the event's words."""
        return self.by_encoder if event.at >= self.recent else self.by_rules

    def case(self, uow: UnitOfWork, event: Event) -> Case:
        """Return the case of the event's story."""
        return uow.cases.get(self.cases[event.story])


def author_of(customer: Customer) -> Author:
    """Return the customer as the author of a post."""
    return Author(
        id=customer.id,
        handle=customer.handle,
        name=customer.name,
        followers=customer.followers,
        takes_messages=customer.takes_messages,
    )
