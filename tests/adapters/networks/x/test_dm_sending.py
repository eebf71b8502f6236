"""Send direct messages on X: the outcome of each response and of none, and reconciling an earlier try."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from domain.cases.files import File
from domain.delivery.outcomes import (
    RECIPIENT_UNREACHABLE,
    Absent,
    Done,
    Failed,
    Finding,
    Later,
    Outcome,
    Unknown,
)
from sandbox.faults import Fault
from sandbox.x.messaging import SEND
from tests.adapters.networks.x.direct_messages import PNG, a_picture, an_outgoing_message
from tests.adapters.networks.x.servers import ACME, Answer, payload, sandbox_x, scripted_x

SENT = '{"data": {"dm_conversation_id": "70000001-90000001", "dm_event_id": "1991"}}'


async def send(said: Answer) -> Outcome:
    async with scripted_x(said) as (x, script):
        outcome = await x.direct.send(an_outgoing_message())
    assert len(script.requests) == 1, "one call of send is one try"
    return outcome


async def look(*said: Answer, text: str = "hello", since: datetime | None = None) -> Finding:
    async with scripted_x(*said) as (x, _):
        return await x.direct.find(an_outgoing_message(text), since or datetime.now(UTC))


def event(event_id: int, **changes: object) -> dict[str, object]:
    return {
        "id": str(event_id),
        "sender_id": ACME.id,
        "text": "hello",
        "event_type": "MessageCreate",
    } | changes


async def test_a_message_lands_once_with_the_customer_and_says_by_which_id() -> None:
    async with sandbox_x() as (x, network):
        ana = network.accounts.get("anaruiz")
        network.direct.receive(ana, "hello")
        outcome = await x.direct.send(an_outgoing_message(" Hola Ana & <3\nadiós ", address=ana.id))
    assert isinstance(outcome, Done)
    [landed] = network.ledger.of("x", SEND)
    assert (landed.detail["text"], landed.detail["recipient_id"]) == ("Hola Ana & <3\nadiós", ana.id)
    assert outcome.result == {"id": landed.detail["id"]}


@pytest.mark.parametrize(("address", "asked"), [("123", "123"), (None, "70000001"), ("../1", "70000001")])
async def test_it_goes_to_who_wrote_there_else_to_the_public_author(address: str | None, asked: str) -> None:
    async with scripted_x(Answer(SENT, status=201)) as (x, script):
        await x.direct.send(an_outgoing_message(address=address))
    assert script.requests[0].path == f"/base/2/dm_conversations/with/{asked}/messages"
    assert script.bodies == [{"text": "Hola Ana & <3"}]


async def test_nobody_is_written_to_where_it_is_not_known_who() -> None:
    parcel = an_outgoing_message(address="ana@example.org")
    by_mail = replace(parcel.case, author=replace(parcel.case.author, id="ana@example.org"))
    parcel = replace(parcel, case=by_mail)
    async with scripted_x(Answer(SENT)) as (x, script):
        outcome, found = await x.direct.send(parcel), await x.direct.find(parcel, datetime.now(UTC))
    assert isinstance(outcome, Failed)
    assert found == Absent()
    assert script.requests == []


async def test_somebody_who_lets_us_not_write_is_told_apart() -> None:
    async with sandbox_x() as (x, network):
        ana = network.accounts.get("anaruiz")
        outcome = await x.direct.send(an_outgoing_message(address=ana.id))
        assert isinstance(outcome, Failed)
        assert outcome.code == RECIPIENT_UNREACHABLE
        assert "link to our inbox" in outcome.reason
        network.direct.set_open_to_all(ana, everybody=True)
        assert isinstance(await x.direct.send(an_outgoing_message(address=ana.id)), Done)


FAILS: list[tuple[Answer, str, str]] = [
    (Answer(payload("403_app_permissions.json"), status=403), "403", "oauth1 app permissions"),
    (Answer("<html>blocked", status=403, content_type="text/html"), "403", "permissions in X's console"),
    (Answer(payload("401_unauthorized.json"), status=401), "401", "Try again"),
    (Answer(payload("402_credits_depleted.json"), status=402), "402", "Top it up"),
    (Answer(payload("429_usage_cap.json"), status=429), "usage_cap", "Try again"),
    (Answer(payload("400_bad_text.json"), status=400), "400", "did not take the direct message"),
    (Answer("{}", status=404), "404", "did not take the direct message"),
    (
        Answer('{"detail": "You cannot send messages to this user."}', status=403),
        RECIPIENT_UNREACHABLE,
        "inbox",
    ),
]


@pytest.mark.parametrize(
    ("said", "code", "told"), FAILS, ids=[f"{code}-{told[:9]}" for _, code, told in FAILS]
)
async def test_what_is_refused_for_good_fails_in_words(said: Answer, code: str, told: str) -> None:
    outcome = await send(said)
    assert isinstance(outcome, Failed)
    assert (outcome.code, told in outcome.reason) == (code, True)


@pytest.mark.parametrize(
    ("said", "responded"),
    [
        (Answer(payload("503_over_capacity.html"), status=503, content_type="text/html"), True),
        (Answer('{"title": "Internal"}', status=500), True),
        (Answer(lost=True), False),
        (Answer("{", status=201), False),
        (Answer("[]", status=201), False),
        (Answer('{"data": {}}', status=201), False),
        (Answer('{"data": {"dm_event_id": "../7"}}', status=201), False),
        (Answer('{"detail": "Whoops! You already said that."}', status=403), False),
    ],
)
async def test_what_may_have_landed_is_unknown(said: Answer, responded: bool) -> None:
    outcome = await send(said)
    assert isinstance(outcome, Unknown)
    assert outcome.responded is responded


async def test_both_limits_say_when_to_try_again() -> None:
    now = int(datetime.now(UTC).timestamp())
    short = {"x-rate-limit-reset": str(now + 600)}
    day = short | {"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": str(now + 7200)}
    for headers, least in ((short, 580), (day, 7000)):
        outcome = await send(Answer(payload("429_rate_limit.json"), status=429, headers=headers))
        assert isinstance(outcome, Later)
        assert outcome.pause_destination
        assert not outcome.counts
        assert outcome.wait is not None
        assert timedelta(seconds=least) < outcome.wait < timedelta(seconds=least + 300)


@pytest.mark.parametrize(("mode", "there"), [("lost-before", False), ("lost-after", True)])
async def test_a_lost_answer_is_settled_by_looking(
    mode: Literal["lost-before", "lost-after"], there: bool
) -> None:
    began = datetime.now(UTC)
    async with sandbox_x() as (x, network):
        ana = network.accounts.get("anaruiz")
        network.direct.receive(ana, "Tom & Ana <3 see https://example.org/a?b=c")
        before = network.direct.send(ana, "Thanks!").id
        network.faults.add(Fault(f"x:{SEND}", mode))
        text = "Tom & Ana <3 see https://example.org/a?b=c"
        assert isinstance(await x.direct.send(an_outgoing_message(text, address=ana.id)), Unknown)
        found = await x.direct.find(an_outgoing_message(text, address=ana.id), began)
        assert isinstance(found, Done if there else Absent)
        assert len(network.ledger.of("x", SEND)) == there
        assert isinstance(await x.direct.find(an_outgoing_message("Thanks!", address=ana.id), began), Done)
        same_words = an_outgoing_message("Thanks!", address=ana.id, earlier=[before])
        assert await x.direct.find(same_words, began) == Absent(), "that one is known to be another"


async def test_a_look_goes_back_no_further_than_the_try_and_reads_every_page() -> None:
    now = int(datetime.now(UTC).timestamp() * 1000) - 1_288_834_974_657
    old, new = (now - 3_600_000) << 22, now << 22
    pages = [
        Answer(json.dumps({"data": [event(new, text="other")], "meta": {"next_token": "t"}})),
        Answer(json.dumps({"data": [event(new - 1), event(old)], "meta": {}})),
    ]
    assert isinstance(await look(*pages), Done)
    gone = Answer(json.dumps({"data": [event(old)], "meta": {"next_token": "t"}}))
    assert await look(gone) == Absent()
    endless = Answer(json.dumps({"data": [event(new, text="other")], "meta": {"next_token": "t"}}))
    assert isinstance(await look(endless), Failed)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Answer(payload("503_over_capacity.html"), status=503, content_type="text/html"), Later),
        (Answer("{"), Later),
        (Answer(lost=True), Later),
        (Answer(payload("401_unauthorized.json"), status=401), Failed),
        (Answer(payload("429_rate_limit.json"), status=429), Later),
        (Answer(json.dumps({"data": [None], "meta": {}})), Later),
        (Answer(json.dumps({"data": [event(2**62, sender_id=None)], "meta": {}})), Later),
        (Answer(json.dumps({"data": [event(2**62, event_type="Typing")], "meta": {}})), Absent),
    ],
)
async def test_trouble_in_looking_proves_no_absence(said: Answer, kind: type[object]) -> None:
    assert isinstance(await look(said), kind)


async def test_a_picture_goes_out_with_the_message_and_is_found_again() -> None:
    began = datetime.now(UTC)
    async with sandbox_x() as (x, network):
        ana = network.accounts.get("anaruiz")
        network.direct.receive(ana, "hello")
        parcel = an_outgoing_message("press here", address=ana.id, files=[a_picture()])
        assert isinstance(await x.direct.send(parcel), Done)
        [sent] = [m for m in network.direct.between(ana) if m.sender is network.brand]
        assert (sent.text, [media.content for media in sent.media]) == ("press here", [PNG])
        assert isinstance(await x.direct.find(parcel, began), Done)
        assert await x.direct.find(an_outgoing_message("press here", address=ana.id), began) == Absent()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([a_picture(), a_picture()], "one by one"),
        ([a_picture(media_type="application/pdf", name="a.pdf")], "a.pdf is none"),
        ([a_picture(size=6 * 1024 * 1024)], "up to 5 MB"),
        ([a_picture(content=None)], "up to 5 MB"),
    ],
)
async def test_what_x_does_not_carry_is_said_before_anything_is_sent(files: list[File], told: str) -> None:
    async with scripted_x(Answer(SENT)) as (x, script):
        outcome = await x.direct.send(an_outgoing_message(files=files))
    assert isinstance(outcome, Failed)
    assert told in outcome.reason
    assert script.requests == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Answer(lost=True), Later),
        (Answer("<html>", status=503), Later),
        (Answer("{}"), Later),
        (Answer(payload("401_unauthorized.json"), status=401), Failed),
    ],
)
async def test_a_picture_that_is_not_up_is_nothing_that_a_customer_saw(
    said: Answer, kind: type[object]
) -> None:
    async with scripted_x(said) as (x, script):
        outcome = await x.direct.send(an_outgoing_message(files=[a_picture()]))
    assert isinstance(outcome, kind)
    assert [request.path for request in script.requests] == ["/base/2/media/upload"]
    assert script.bodies[0]["media"] == base64.b64encode(PNG).decode()
