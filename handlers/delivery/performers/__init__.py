"""Register the performer of each kind of effect, and the rate limits of destinations.

tests/test_paired_lists.py compares the performers to the effects.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from domain.delivery.cause_effects import PostCauseFixed
from domain.delivery.effects import (
    Alert,
    DraftReply,
    LinkReply,
    NotifyPerson,
    PostCard,
    PublishHome,
    SendLinkedAnswer,
    SendPrivateReply,
    SendPublicReply,
    SendTranscript,
    UpdateCard,
)
from domain.delivery.erasure_effects import DeleteMessage, DeleteThreadFiles
from domain.delivery.flood_effects import PostFloodBoard, PostFloodSummary, UpdateFloodBoard
from domain.delivery.outage_effects import (
    AnswerLinkedCase,
    AskApproval,
    CorrectNotice,
    EndApprovalRequest,
    FoldRehearsalMessage,
    MailBatch,
    PinMessage,
    PostBoard,
    PostRehearsal,
    RetractNotice,
    SendConfirmation,
    SendNotice,
    SendTimeline,
    UpdateBoard,
)
from domain.delivery.pacing import Pace
from domain.delivery.report_effects import PostDigest, SendChart, ShareSummary
from domain.delivery.routing_effects import MarkMoved, MarkMovedOnceOpen, UpdateCardOnceOpen
from domain.delivery.surge_effects import PostSpike, UpdateSpike
from domain.delivery.thread_effects import AddReaction, PostThread, RedrawThread, ShareFile
from domain.delivery.tracker_effects import CreateIssue, PostIssueChange
from domain.networks import Networks
from domain.outages.destinations import Destinations
from domain.outages.policy import OutagePolicy
from domain.surge.flood import POST_INTERVAL
from domain.trackers.trackers import CREATE_PACE
from handlers.context import AppContext
from handlers.delivery.counting import count_outcome
from handlers.delivery.loop import Dispatcher
from handlers.delivery.performers.boards import (
    ApprovalAsker,
    ApprovalRequestEnder,
    BoardPoster,
    BoardUpdater,
    MessagePinner,
)
from handlers.delivery.performers.bulk_answers import LinkedAnswerSender, LinkedCaseAnswerer
from handlers.delivery.performers.cards import CardPoster, CardUpdater, ReopenedChannelUpdater
from handlers.delivery.performers.causes import CauseFixedPoster
from handlers.delivery.performers.digests import DigestPoster
from handlers.delivery.performers.drafts import ReplyDrafter
from handlers.delivery.performers.erasure import MessageDeleter, ThreadFilesDeleter
from handlers.delivery.performers.files import FileSharer, ReactionAdder
from handlers.delivery.performers.flood import FloodBoardPoster, FloodBoardUpdater, FloodSummaryPoster
from handlers.delivery.performers.issues import IssueChangePoster, IssueCreator
from handlers.delivery.performers.moved_cards import MovedCardMarker, ReopenedChannelMarker
from handlers.delivery.performers.notices import NoticeCorrector, NoticeRetractor, NoticeSender
from handlers.delivery.performers.notifications import Alerter, HomePublisher, PersonNotifier
from handlers.delivery.performers.private_replies import PrivateReplySender
from handlers.delivery.performers.public_replies import PublicReplySender, ReplyLinker
from handlers.delivery.performers.rehearsals import RehearsalFolder, RehearsalPoster
from handlers.delivery.performers.spikes import SpikePoster, SpikeUpdater
from handlers.delivery.performers.subscriber_mails import BatchMailer, ConfirmationSender, batch_pace
from handlers.delivery.performers.summaries import ChartSender, SummarySharer
from handlers.delivery.performers.thread_posts import ThreadPoster, ThreadRedrawer
from handlers.delivery.performers.timelines import TimelineSender
from handlers.delivery.performers.transcripts import TranscriptSender
from handlers.delivery.settling import Performer
from storage.outbox_claims import Paces

#: Rate limits. Slack accepts one message a second per channel and guarantees per workspace, a minute, 50
#: updates, about 50 reactions and 100 App Homes. Bursts keep latency low under little load; with its burst,
#: no minute has more than 50 updates. A destination that ends in ":" is a prefix: each channel has a pace of
#: its own.
PACES: Mapping[str, Pace] = {
    "slack:post:": Pace(POST_INTERVAL),
    "slack:update": Pace(timedelta(seconds=1.55), burst=10),
    "slack:mark": Pace(timedelta(seconds=1.2), burst=10),  # reactions; the name as stored
    "slack:delete": Pace(timedelta(seconds=1.5)),
    "slack:pin": Pace(timedelta(seconds=3)),
    "notice:": Pace(timedelta(seconds=1)),
    "tracker:": CREATE_PACE,
    "bulk:": Pace(timedelta(seconds=1)),
    "slack:home": Pace(timedelta(seconds=0.6), burst=10),
    "email:send": Pace(timedelta(seconds=1), burst=20),
    "email:list": batch_pace(OutagePolicy().mails_per_second),
    "email:confirmation": Pace(timedelta(seconds=1), burst=20),
    "model": Pace(timedelta(seconds=0.5), burst=4),
}

#: Bulk answers are slower than a network's limit by this factor: agents need the rest.
BULK_SHARE = 1.5


def paces_with(networks: Networks, destinations: Destinations, policy: OutagePolicy | None = None) -> Paces:
    """Return the lookup of rate limits: `PACES`, and those of the connected networks and destinations.

    `policy` sets that of the e-mail list.
    """
    paces = {
        **PACES,
        **({"email:list": batch_pace(policy.mails_per_second)} if policy is not None else {}),
        **{
            f"notice:{name}": one.profile.pace
            for name, one in destinations.items()
            if one.profile.pace is not None
        },
        **{
            f"{name}:{act}": pace
            for name, network in networks.items()
            for act, pace in network.profile.paces.items()
        },
    }
    paces |= {
        f"bulk:{name}": Pace(network.profile.paces["reply"].interval * BULK_SHARE)
        for name, network in networks.items()
        if "reply" in network.profile.paces
    }
    prefixes = [(name, pace) for name, pace in paces.items() if name.endswith(":")]

    def pace_of(destination: str) -> Pace | None:
        by_prefix = (pace for prefix, pace in prefixes if destination.startswith(prefix))
        return paces.get(destination) or next(by_prefix, None)

    return pace_of


def performers(ctx: AppContext) -> dict[str, Performer]:
    """Build the performer of each kind of effect, by `Effect.kind`."""
    return {
        PostCard.kind: CardPoster(ctx),
        UpdateCard.kind: CardUpdater(ctx),
        PostThread.kind: ThreadPoster(ctx),
        RedrawThread.kind: ThreadRedrawer(ctx),
        SendPublicReply.kind: PublicReplySender(ctx),
        SendLinkedAnswer.kind: LinkedAnswerSender(ctx),
        SendPrivateReply.kind: PrivateReplySender(ctx),
        SendTranscript.kind: TranscriptSender(ctx),
        LinkReply.kind: ReplyLinker(ctx),
        DraftReply.kind: ReplyDrafter(ctx),
        PublishHome.kind: HomePublisher(ctx),
        ShareFile.kind: FileSharer(ctx),
        AddReaction.kind: ReactionAdder(ctx),
        NotifyPerson.kind: PersonNotifier(ctx),
        Alert.kind: Alerter(ctx),
        SendNotice.kind: NoticeSender(ctx),
        CorrectNotice.kind: NoticeCorrector(ctx),
        RetractNotice.kind: NoticeRetractor(ctx),
        PostBoard.kind: BoardPoster(ctx),
        UpdateBoard.kind: BoardUpdater(ctx),
        PinMessage.kind: MessagePinner(ctx),
        AnswerLinkedCase.kind: LinkedCaseAnswerer(ctx),
        PostSpike.kind: SpikePoster(ctx),
        UpdateSpike.kind: SpikeUpdater(ctx),
        PostFloodBoard.kind: FloodBoardPoster(ctx),
        UpdateFloodBoard.kind: FloodBoardUpdater(ctx),
        PostFloodSummary.kind: FloodSummaryPoster(ctx),
        PostDigest.kind: DigestPoster(ctx),
        ShareSummary.kind: SummarySharer(ctx),
        SendChart.kind: ChartSender(ctx),
        PostCauseFixed.kind: CauseFixedPoster(ctx),
        AskApproval.kind: ApprovalAsker(ctx),
        EndApprovalRequest.kind: ApprovalRequestEnder(ctx),
        SendTimeline.kind: TimelineSender(ctx),
        MailBatch.kind: BatchMailer(ctx),
        SendConfirmation.kind: ConfirmationSender(ctx),
        PostRehearsal.kind: RehearsalPoster(ctx),
        FoldRehearsalMessage.kind: RehearsalFolder(ctx),
        DeleteMessage.kind: MessageDeleter(ctx),
        DeleteThreadFiles.kind: ThreadFilesDeleter(ctx),
        MarkMoved.kind: MovedCardMarker(ctx),
        MarkMovedOnceOpen.kind: ReopenedChannelMarker(ctx),
        UpdateCardOnceOpen.kind: ReopenedChannelUpdater(ctx),
        CreateIssue.kind: IssueCreator(ctx),
        PostIssueChange.kind: IssueChangePoster(ctx),
    }


def dispatcher_of(ctx: AppContext, *, owner: str) -> Dispatcher:
    """Build the dispatcher of a running bot; `owner` names this worker in its leases."""
    paces = paces_with(ctx.networks, ctx.destinations, ctx.policy.outages)
    return Dispatcher(
        performers=performers(ctx), paces=paces, owner=owner, on_decided=partial(count_outcome, ctx.metrics)
    )
