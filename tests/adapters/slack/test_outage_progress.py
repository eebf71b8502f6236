"""Show on an outage's board how far a mailing is."""

import pytest

from adapters.slack.boards.outage import render_outage_board
from domain.outages.board import BoardView
from domain.outages.board_lines import BoardLine
from domain.outages.destinations import DestinationProfile
from domain.outages.notices import Publication, PublicationState
from domain.outages.subscribers import MailState, Progress
from tests.adapters.email.made import NOW
from tests.outages import an_outage


def shown(progress: Progress) -> str:
    """Return the board's blocks as text."""
    outage = an_outage(NOW, id=1, lead="U1", opened_by="U1")
    publication = Publication(
        id=1,
        notice_id=1,
        outage_id=1,
        destination="email_list",
        language="",
        state=PublicationState.SENT,
        data={"progress": progress.payload()},
        sent_at=NOW,
    )
    profile = DestinationProfile(name="email_list", label="E-mail list")
    line = BoardLine(profile=profile, publication=publication)
    return str(render_outage_board(BoardView(outage=outage, notices=(), lines=(line,)))["blocks"])


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (
            Progress.of(
                {
                    MailState.SENT: 12_395,
                    MailState.SENDING: 1,
                    MailState.BOUNCED: 3,
                    MailState.UNSURE: 1,
                    MailState.QUEUED: 9,
                    MailState.DROPPED: 5,
                },
                50_000,
            ),
            ["⏳ *E-mail list*", "12,400 of 50,000 mailed · 3 bounced · 1 unsure"],
        ),
        (Progress.of({}, 0), ["✓ *E-mail list*", "nobody has subscribed yet"]),
        (Progress.of({MailState.SENT: 2}, 2), ["✓ *E-mail list*", "2 of 2 mailed"]),
        (
            Progress.of({MailState.SENT: 1}, 2, "the <mail> server is away"),
            ["1 of 2 mailed · waiting: the &lt;mail&gt; server is away"],
        ),
    ],
)
def test_the_line_tells_how_far_it_is(progress: Progress, words: list[str]) -> None:
    assert all(word in shown(progress) for word in words), shown(progress)
