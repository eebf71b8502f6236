"""Bundle one transaction with its repositories."""

from functools import cached_property

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
from storage.waits import Waits

_SNAPSHOT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


class UnitOfWork:
    """One transaction over `connection`;

    `storage.engine.Store` commits it, or rolls it back on an exception. `service_levels` are those by which
    every use case computes when customers are to be answered.
    """

    def __init__(self, connection: Connection, service_levels: ServiceLevels) -> None:
        self._connection = connection
        self.service_levels = service_levels
        self.accounts = Accounts(connection)
        self.cases = Cases(connection)
        self.messages = Messages(connection)
        self.responses = Responses(connection)
        self.vectors = MessageVectors(connection)
        self.examples = Examples(connection)
        self.trainings = Trainings(connection)
        self.suggestions = Suggestions(connection)
        self.machine_texts = MachineTexts(connection)
        self.saved_replies = SavedReplies(connection)
        self.reply_choices = ReplyChoices(connection)
        self.dismissed_proposals = DismissedProposals(connection)
        self.audit = AuditTrail(connection, self.cases)
        self.case_changes = CaseChanges(connection, self.cases, self.audit)
        self.outbox = Outbox(connection, self.case_changes)
        self.floods = Floods(connection)
        self.held_cards = HeldCards(connection)
        self.spending = Spending(connection)
        self.thread_posts = ThreadPosts(connection)
        self.cursors = Cursors(connection)
        self.signals = Signals(connection)
        self.ratings = Ratings(connection)
        self.model_calls = ModelCalls(connection)
        self.outages = Outages(connection)
        self.outage_links = OutageLinks(connection)
        self.linked_cases = LinkedCases(connection)
        self.bulk_answers = BulkAnswers(connection)
        self.notices = Notices(connection)
        self.publications = Publications(connection)
        self.pauses = Pauses(connection)
        self.rehearsals = Rehearsals(connection)
        self.arrivals = Arrivals(connection)
        self.spikes = Spikes(connection)
        self.subscribers = Subscribers(connection)
        self.mailings = Mailings(connection)
        self.opt_outs = OptOuts(connection)
        self.handoffs = Handoffs(connection)
        self.open_forms = OpenForms(connection)
        self.files = Files(connection)
        self.chat_sessions = ChatSessions(connection)
        self.conversations = Conversations(connection, self.cases)
        self.transcripts = Transcripts(connection)
        self.unproven_mails = UnprovenMails(connection)
        self.operations = Operations(connection)
        self._open_report_stores(connection)
        self._open_team_stores(connection)

    def _open_report_stores(self, connection: Connection) -> None:
        """Open the repositories of what reports show."""
        self.export_rows = ExportRows(connection)
        self.figures = FigureCounts(connection)
        self.response_figures = ResponseFigures(connection)
        self.figure_details = FigureDetails(connection)
        self.outlook_figures = OutlookFigures(connection)
        self.team_figures = TeamFigures(connection)

    def _open_team_stores(self, connection: Connection) -> None:
        """Open the repositories of what the team knows of its cases and of itself."""
        self.case_search = CaseSearch(connection)
        self.tags = TagStore(connection)
        self.causes = Causes(connection)
        self.topic_posts = TopicPosts(connection)
        self.agents = Agents(connection)
        self.notes = Notes(connection)
        self.promises = Promises(connection)
        self.completeness = Completeness(connection)
        self.promise_figures = PromiseCounts(connection)
        self.issues = Issues(connection)
        self.preferences = Preferences(connection)

    @cached_property
    def records(self) -> Records:
        """The repositories of the records, which few use cases need."""
        return Records(self._connection)

    @cached_property
    def deferred_mails(self) -> DeferredMails:
        """The mails that wait in the mailbox."""
        return DeferredMails(self._connection)

    @cached_property
    def waits(self) -> Waits:
        """What waits for a moment."""
        return Waits(self._connection)

    @cached_property
    def marks(self) -> Marks:
        """The marks: which database this is, that it can be written, and when the desk opens."""
        return Marks(self._connection)

    @cached_property
    def handled_requests(self) -> HandledRequests:
        """The requests of Slack's that were handled."""
        return HandledRequests(self._connection)

    @cached_property
    def named_channels(self) -> NamedChannels:
        """The channels that the settings' names mean."""
        return NamedChannels(self._connection)

    @cached_property
    def digests(self) -> Digests:
        """The digests that were booked."""
        return Digests(self._connection)

    @cached_property
    def agent_figures(self) -> AgentCounts:
        """The counts of a period by who did it."""
        return AgentCounts(self._connection)

    @cached_property
    def treated_cases(self) -> TreatedCases:
        """The cases by which the treatment of customers is compared."""
        return TreatedCases(self._connection)

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
            self._connection.execute(_SNAPSHOT)
