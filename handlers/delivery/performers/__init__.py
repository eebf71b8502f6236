"""Who performs which effect; a test holds this list to that of the effects."""

from collections.abc import Mapping
from datetime import timedelta

from domain.delivery.effects import (
    Alert,
    DraftReply,
    LinkReply,
    MarkMessage,
    PostCard,
    PostThread,
    PublishHome,
    RedrawThread,
    SendPrivate,
    SendReply,
    SendTranscript,
    ShareFile,
    TellPerson,
    UpdateCard,
)
from domain.delivery.pacing import Pace
from domain.triage.drafts import Drafter
from handlers.delivery.loop import Performer
from handlers.delivery.performers.base import Room
from handlers.delivery.performers.cards import CardPoster, CardUpdater
from handlers.delivery.performers.drafts import ReplyDrafter
from handlers.delivery.performers.files import FileSharer, MessageMarker
from handlers.delivery.performers.notifications import Alerter, HomePublisher, PersonNotifier
from handlers.delivery.performers.private_replies import PrivateReplySender
from handlers.delivery.performers.public_replies import ReplyLinker, ReplySender
from handlers.delivery.performers.thread_posts import ThreadPoster, ThreadRedrawer
from handlers.delivery.performers.transcripts import TranscriptSender
from handlers.triage.classify import Classifier

#: The platforms' own limits: Slack takes one message a second into a channel, guarantees 50 updates a minute in a workspace
#: some 50 marks and 100 homes; X takes 100 posts and 15 direct messages in 15 minutes. Bursts keep a quiet desk quick.
PACES: Mapping[str, Pace] = {
    "slack:post:": Pace(timedelta(seconds=1.05)),
    "slack:update": Pace(timedelta(seconds=1.2), burst=20),
    "slack:mark": Pace(timedelta(seconds=1.2), burst=10),
    "slack:home": Pace(timedelta(seconds=0.6), burst=10),
    "x:reply": Pace(timedelta(seconds=9), burst=20),
    "x:find": Pace(timedelta(seconds=3), burst=5),
    "dm:send": Pace(timedelta(seconds=60), burst=15),
    "email:send": Pace(timedelta(seconds=1), burst=20),
    "model": Pace(timedelta(seconds=0.5), burst=4),
}


def pace_of(destination: str) -> Pace | None:
    """How fast a destination may be used; `None` where nothing limits it."""
    return PACES.get(destination) or next(
        (pace for prefix, pace in PACES.items() if prefix.endswith(":") and destination.startswith(prefix)),
        None,
    )


def performers(
    room: Room,
    drafter: Drafter | None,
    classifier: Classifier,
    *,
    private: PrivateReplySender,
    transcripts: TranscriptSender,
) -> dict[str, Performer]:
    """The performer of each kind of effect."""
    return {
        PostCard.kind: CardPoster(room),
        UpdateCard.kind: CardUpdater(room),
        PostThread.kind: ThreadPoster(room),
        RedrawThread.kind: ThreadRedrawer(room),
        SendReply.kind: ReplySender(room),
        SendPrivate.kind: private,
        SendTranscript.kind: transcripts,
        LinkReply.kind: ReplyLinker(room),
        DraftReply.kind: ReplyDrafter(room.desk, drafter, classifier, room.network),
        PublishHome.kind: HomePublisher(room),
        ShareFile.kind: FileSharer(room),
        MarkMessage.kind: MessageMarker(room),
        TellPerson.kind: PersonNotifier(room),
        Alert.kind: Alerter(room),
    }
