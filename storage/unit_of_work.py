"""Bundle one transaction with its repositories."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection, text

from domain.cases.service_levels import ServiceLevels
from domain.delivery.effect import Effect
from storage.accounts import Accounts
from storage.agent_figures import AgentCounts
from storage.agents import Agents
from storage.arrivals import Arrivals
from storage.audit import AuditTrail
from storage.bulk_answers import BulkAnswers
from storage.case_changes import CaseChanges
from storage.case_search import CaseSearch
from storage.cases import Cases
from storage.causes import Causes
from storage.chat_sessions import ChatSessions
from storage.clock_resets import ClockResets
from storage.completeness import Completeness
from storage.conversations import Conversations
from storage.cursors import Cursors
from storage.deferred_mails import DeferredMails
from storage.digests import Digests
from storage.dismissed_proposals import DismissedProposals
from storage.examples import Examples
from storage.export_rows import ExportRows
from storage.figure_details import FigureDetails
from storage.figures import FigureCounts
from storage.files import Files
from storage.floods import Floods
from storage.handled_requests import HandledRequests
from storage.handoffs import Handoffs
from storage.held_cards import HeldCards
from storage.issues import Issues
from storage.linked_cases import LinkedCases
from storage.machine_texts import MachineTexts
from storage.mailings import Mailings
from storage.marks import Marks
from storage.message_vectors import MessageVectors
from storage.messages import Messages
from storage.model_calls import ModelCalls
from storage.named_channels import NamedChannels
from storage.notes import Notes
from storage.notices import Notices
from storage.open_forms import OpenForms
from storage.operations import Operations
from storage.opt_outs import OptOuts
from storage.outage_links import OutageLinks
from storage.outages import Outages
from storage.outbox import Outbox
from storage.outlook_figures import OutlookFigures
from storage.pauses import Pauses
from storage.preferences import Preferences
from storage.promise_figures import PromiseCounts
from storage.promises import Promises
from storage.publications import Publications
from storage.ratings import Ratings
from storage.records import Records
from storage.rehearsals import Rehearsals
from storage.reply_choices import ReplyChoices
from storage.response_figures import ResponseFigures
from storage.responses import Responses
from storage.saved_replies import SavedReplies
from storage.signals import Signals
from storage.spending import Spending
from storage.spikes import Spikes
from storage.subscribers import Subscribers
from storage.suggestions import Suggestions
from storage.tags import TagStore
from storage.team_figures import TeamFigures
from storage.thread_posts import ThreadPosts
from storage.topic_posts import TopicPosts
from storage.trainings import Trainings
from storage.transcripts import Transcripts
from storage.treated_cases import TreatedCases
from storage.unproven_mails import UnprovenMails

_SNAPSHOT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

T = TypeVar("T")


class _Opened(Generic[T]):
    """A repository of a unit of work, which is made when it is first used: no use case needs more than a few.

    To make them all takes as long as a statement of SQLite.
    """

    def __init__(self, make: Callable[[Connection], T]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, uow: "UnitOfWork", owner: type) -> T:
        made = uow.__dict__[self._name] = self._make(uow._connection)  # noqa: SLF001 - made for the unit of work
        return made


class UnitOfWork:
    """One transaction over `connection`;

    `storage.engine.Store` commits it, or rolls it back on an exception. `service_levels` are those by which
    every use case computes when customers are to be answered.
    """

    accounts = _Opened(Accounts)
    messages = _Opened(Messages)
    responses = _Opened(Responses)
    vectors = _Opened(MessageVectors)
    examples = _Opened(Examples)
    trainings = _Opened(Trainings)
    suggestions = _Opened(Suggestions)
    machine_texts = _Opened(MachineTexts)
    saved_replies = _Opened(SavedReplies)
    reply_choices = _Opened(ReplyChoices)
    dismissed_proposals = _Opened(DismissedProposals)
    floods = _Opened(Floods)
    held_cards = _Opened(HeldCards)
    spending = _Opened(Spending)
    thread_posts = _Opened(ThreadPosts)
    cursors = _Opened(Cursors)
    ratings = _Opened(Ratings)
    model_calls = _Opened(ModelCalls)
    outages = _Opened(Outages)
    outage_links = _Opened(OutageLinks)
    linked_cases = _Opened(LinkedCases)
    bulk_answers = _Opened(BulkAnswers)
    notices = _Opened(Notices)
    publications = _Opened(Publications)
    pauses = _Opened(Pauses)
    rehearsals = _Opened(Rehearsals)
    arrivals = _Opened(Arrivals)
    spikes = _Opened(Spikes)
    subscribers = _Opened(Subscribers)
    mailings = _Opened(Mailings)
    opt_outs = _Opened(OptOuts)
    handoffs = _Opened(Handoffs)
    open_forms = _Opened(OpenForms)
    files = _Opened(Files)
    chat_sessions = _Opened(ChatSessions)
    transcripts = _Opened(Transcripts)
    unproven_mails = _Opened(UnprovenMails)
    operations = _Opened(Operations)
    export_rows = _Opened(ExportRows)
    figures = _Opened(FigureCounts)
    response_figures = _Opened(ResponseFigures)
    figure_details = _Opened(FigureDetails)
    outlook_figures = _Opened(OutlookFigures)
    team_figures = _Opened(TeamFigures)
    case_search = _Opened(CaseSearch)
    tags = _Opened(TagStore)
    causes = _Opened(Causes)
    topic_posts = _Opened(TopicPosts)
    agents = _Opened(Agents)
    notes = _Opened(Notes)
    promises = _Opened(Promises)
    completeness = _Opened(Completeness)
    promise_figures = _Opened(PromiseCounts)
    issues = _Opened(Issues)
    preferences = _Opened(Preferences)
    records = _Opened(Records)
    deferred_mails = _Opened(DeferredMails)
    clock_resets = _Opened(ClockResets)
    marks = _Opened(Marks)
    handled_requests = _Opened(HandledRequests)
    named_channels = _Opened(NamedChannels)
    digests = _Opened(Digests)
    agent_figures = _Opened(AgentCounts)
    treated_cases = _Opened(TreatedCases)

    def __init__(self, connection: Connection, service_levels: ServiceLevels) -> None:
        self._connection = connection
        self.is_snapshot = False
        self.service_levels = service_levels
        self.cases = Cases(connection)
        self.audit = AuditTrail(connection, self.cases)
        self.case_changes = CaseChanges(connection, self.cases, self.audit)
        self.outbox = Outbox(connection, self.case_changes)
        self.signals = Signals(connection)
        self.conversations = Conversations(connection, self.cases)

    def lock_subject(self, effect: Effect) -> None:
        """Lock the outage or the case that an effect is about, in the order of every use case.

        That is: outages, cases, bulk answers, links, floods, held cards, rows of the outbox; each by id.
        """
        if effect.outage is not None:
            self.outages.lock([effect.outage])
        if effect.case is not None:
            self.cases.lock([effect.case])

    def read_snapshot(self) -> None:
        """Have all reads of this transaction see one moment. Call it first; SQLite's always do."""
        if self._connection.dialect.name == "postgresql":
            self.is_snapshot = True
            self._connection.execute(_SNAPSHOT)
