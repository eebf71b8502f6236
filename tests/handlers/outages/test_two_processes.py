"""Have two processes approve the same notices at the same moment: each leaves once, by one of them."""

import subprocess
import sys
from collections import Counter

from domain.outages.notices import PublicationState
from handlers.outages.notices import submit_notice
from storage.engine import open_store
from storage.schema import create_if_empty
from tests.handlers.made import KAI, MIA, NOW, do
from tests.handlers.outages.made import (
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    an_outage,
    destinations,
)
from tests.source import ROOT

NOTICES = 8
#: Approves what it is told, once a line comes, and says of each whether it was first.
APPROVER = """
import sys
from domain.outages.lifecycle import Actor, NoticeSettled
from handlers.outages.notices import approve_notice
from storage.engine import open_store
from tests.handlers.made import NOW, do
from tests.handlers.outages.made import ANYTHING, ListDestination, destinations

store, who = open_store(sys.argv[1], beside_bot=True), Actor(user_id=sys.argv[2], rights=ANYTHING)
where = destinations(page=ListDestination())
print("ready", flush=True)
sys.stdin.readline()
for one in sys.argv[3:]:
    number, _, seen = one.partition(":")
    try:
        do(store, approve_notice, notice_id=int(number), seen=seen, destinations=where, actor=who, now=NOW)
        print(number, "approved", flush=True)
    except NoticeSettled:
        print(number, "settled", flush=True)
store.close()
"""


def test_of_two_processes_that_approve_at_once_one_does(database_url: str) -> None:
    store = open_store(database_url)
    create_if_empty(store)
    where = destinations(page=ListDestination())
    waiting = []
    for number in range(NOTICES):
        _, notice = an_outage(store, f"Part {number} fails")
        given = {"seen": notice.digest, "destinations": where, "policy": OUTAGE_POLICY}
        do(store, submit_notice, notice_id=notice.id, actor=SAM_MAY, now=NOW, **given)  # type: ignore[arg-type]
        waiting.append(f"{notice.id}:{notice.digest}")
    store.close()
    both = [
        subprocess.Popen(
            [sys.executable, "-c", APPROVER, database_url, who, *waiting],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for who in (MIA, KAI)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    told = [one.communicate("go\n", timeout=120)[0].splitlines() for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert [len(lines) for lines in told] == [NOTICES, NOTICES]
    approved = Counter(line.split()[0] for lines in told for line in lines if line.endswith("approved"))
    assert approved == {one.partition(":")[0]: 1 for one in waiting}
    store = open_store(database_url)
    with store.unit_of_work() as uow:
        sent = [uow.publications.of_outage(outage.id) for outage in uow.outages.open()]
        notices = [notice for outage in uow.outages.open() for notice in uow.notices.of_outage(outage.id)]
    store.close()
    assert [[one.state for one in publications] for publications in sent] == [
        [PublicationState.QUEUED]
    ] * NOTICES
    assert {notice.approved_by for notice in notices} <= {MIA, KAI}
