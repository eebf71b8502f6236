"""Read X's timelines: pagination, overlap, gaps, and the fault for each error."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.networks.x.ids import BEGINNING, id_at, with_overlap
from adapters.networks.x.query import build_query
from domain.intake.posts import MatchReason
from domain.intake.streams import SourceError, SourceFault
from sandbox.x import XNetwork
from tests.adapters.networks.x.servers import ACME, Answer, payload, sandbox_x, scripted_x

BASE = 1_990_000_000_000_000_000


def tweet(number: int) -> dict[str, Any]:
    return {
        "id": str(BASE + number),
        "author_id": "501",
        "created_at": "2026-11-21T10:00:00Z",
        "text": "@acme hi",
    }


def listed(numbers: range, token: str | None = None, **changes: object) -> Answer:
    """Build a page of posts with these numbers, newest first."""
    meta = {"result_count": len(numbers)} | ({"next_token": token} if token else {})
    return Answer(json.dumps({"data": [tweet(n) for n in reversed(numbers)], "meta": meta} | changes))


EMPTY = Answer('{"meta": {"result_count": 0}}')


def mention_all(network: XNetwork, many: int) -> list[str]:
    author = network.accounts.get("ana", "Ana")
    return [network.post(author, f"@acme number {n}").id for n in range(many)]


async def test_all_pages_are_read_to_the_end() -> None:
    async with sandbox_x() as (x, network):
        cursor = mention_all(network, 1)[0]
        ids = mention_all(network, 250)
        page = await x.mentions(await x.account(), cursor)
    assert [post.id for post in page.posts] == [cursor, *ids]
    assert (page.newest_id, page.gap) == (ids[-1], False)


async def test_the_first_reading_is_the_newest_page_alone() -> None:
    async with sandbox_x() as (x, network):
        ids = mention_all(network, 120)
        page = await x.mentions(await x.account(), None)
    assert [post.id for post in page.posts] == ids[-100:]
    assert (page.newest_id, page.gap) == (ids[-1], False)


async def test_a_flood_after_an_empty_first_reading_is_read_in_full() -> None:
    async with sandbox_x() as (x, network):
        account = await x.account()
        first = await x.mentions(account, None)
        assert first.newest_id == BEGINNING
        ids = mention_all(network, 130)
        page = await x.mentions(account, first.newest_id)
    assert [post.id for post in page.posts] == ids
    assert not page.gap


async def test_nothing_new_leaves_the_cursor_where_it_is() -> None:
    async with scripted_x(EMPTY) as (x, _):
        page = await x.mentions(ACME, str(BASE))
    assert (page.posts, page.newest_id, page.gap) == ((), str(BASE), False)


async def test_the_cursor_never_moves_back() -> None:
    async with scripted_x(listed(range(1, 4))) as (x, _):
        assert (await x.mentions(ACME, str(BASE + 9))).newest_id == str(BASE + 9)


async def test_a_reading_starts_two_minutes_before_the_cursor() -> None:
    now = datetime.now(UTC)
    cursor, late, early = (id_at(now - timedelta(seconds=s)) for s in (0, 119, 121))
    assert int(early) < int(with_overlap(cursor)) < int(late)
    async with scripted_x(EMPTY) as (x, script):
        await x.mentions(ACME, cursor)
        await x.mentions(ACME, "1001")
    asked = [request.query["since_id"] for request in script.requests]
    assert asked == [with_overlap(cursor), "1001"], "an id too small to carry a time is used as it is"


async def test_in_a_flood_one_page_is_read_again_not_two_minutes() -> None:
    """X allows a page each three seconds: two minutes of a flood at each reading would use up all of them."""
    async with sandbox_x() as (x, network):
        mention_all(network, 600)
        cursor = mention_all(network, 1)[0]
        new = mention_all(network, 150)
        account, before = await x.account(), len(network.posts)
        page = await x.mentions(account, cursor)
        calls = [one for one in network.ledger.entries if one.call == "GET /2/users/:id/mentions"]
    assert before == 751
    assert set(new) <= {post.id for post in page.posts}
    assert len(page.posts) == 300
    assert len(calls) == 3, "two pages to the cursor, and one behind it"
    assert not page.gap


async def test_the_fields_and_expansions_that_are_needed_are_asked_for() -> None:
    async with scripted_x(EMPTY) as (x, script):
        await x.mentions(ACME, None)
    query = script.requests[0].query
    assert {
        "attachments",
        "entities",
        "note_post",
        "reply_settings",
        "withheld",
    } <= set(query["post.fields"].split(","))
    assert set(query["expansions"].split(",")) == {
        "attachments.media_keys",
        "attachments.poll_ids",
        "author_id",
        "edit_history_post_ids",
        "referenced_posts",
    }
    assert set(query["media.fields"].split(",")) == {"alt_text", "preview_image_url", "type", "url"}
    assert "public_metrics" in query["user.fields"]
    assert query["max_results"] == "100"


async def test_a_gap_is_told_when_x_shows_no_more_before_the_cursor() -> None:
    async with sandbox_x() as (x, network):
        cursor = mention_all(network, 1)[0]
        mention_all(network, 850)
        page = await x.mentions(await x.account(), cursor)
    assert len(page.posts) == 800
    assert page.gap


async def test_no_gap_when_the_cursor_is_just_reached() -> None:
    async with sandbox_x() as (x, network):
        cursor = mention_all(network, 1)[0]
        mention_all(network, 799)
        page = await x.mentions(await x.account(), cursor)
    assert len(page.posts) == 800
    assert not page.gap


async def test_a_full_listing_that_is_a_few_short_is_still_a_gap() -> None:
    """X counts deleted posts towards its limit of 800 but does not list them."""
    pages = [listed(range(900 - 98 * n, 998 - 98 * n), token=f"t{n}") for n in range(7)]
    async with scripted_x(*pages, listed(range(120, 212))) as (x, _):
        page = await x.mentions(ACME, str(BASE + 1))
    assert len(page.posts) == 778
    assert page.gap


async def test_an_empty_page_in_the_middle_does_not_end_the_reading() -> None:
    empty = Answer('{"meta": {"result_count": 0, "next_token": "b"}}')
    async with scripted_x(listed(range(10, 12), "a"), empty, listed(range(1, 3))) as (x, script):
        assert len((await x.mentions(ACME, str(BASE))).posts) == 4
    assert [r.query.get("pagination_token") for r in script.requests] == [None, "a", "b"]


async def test_a_post_that_two_pages_share_comes_once() -> None:
    async with scripted_x(listed(range(5, 9), "a"), listed(range(3, 6))) as (x, _):
        page = await x.mentions(ACME, str(BASE))
    assert [int(post.id) - BASE for post in page.posts] == [3, 4, 5, 6, 7, 8]


async def test_a_page_token_that_repeats_does_not_loop() -> None:
    async with scripted_x(listed(range(1, 3), "a")) as (x, _):
        with pytest.raises(SourceError, match="same page token") as caught:
            await x.mentions(ACME, str(BASE))
    assert caught.value.fault is SourceFault.UNAVAILABLE


async def test_trouble_on_a_later_page_gives_nothing_rather_than_half() -> None:
    async with scripted_x(listed(range(5, 9), "a"), Answer(status=503)) as (x, _):
        with pytest.raises(SourceError):
            await x.mentions(ACME, str(BASE))


async def test_a_cursor_that_is_too_old_reads_all_there_is_and_tells_the_gap() -> None:
    refused = Answer(payload("400_since_id_too_old.json"), status=400)
    async with scripted_x(refused, listed(range(10, 12), "a"), listed(range(5, 8))) as (x, script):
        page = await x.search(ACME, "acme", str(BASE))
    assert ["since_id" in r.query for r in script.requests] == [True, False, False]
    assert len(page.posts) == 5
    assert page.gap


async def test_without_since_id_the_reading_stops_at_the_cursor() -> None:
    refused = Answer(payload("400_since_id_too_old.json"), status=400)
    old = with_overlap(str(BASE + 100))
    posts = Answer(
        json.dumps({"data": [tweet(300), {**tweet(0), "id": str(int(old) - 1)}], "meta": {"next_token": "a"}})
    )
    async with scripted_x(refused, posts) as (x, script):
        page = await x.mentions(ACME, str(BASE + 100))
    assert len(script.requests) == 2
    assert not page.gap


async def test_search_pages_and_excludes_reposts() -> None:
    async with sandbox_x() as (x, network):
        author = network.accounts.get("bo", "Bo")
        cursor = network.post(author, "acme first").id
        ids = [network.post(author, f"is acme pay down? {n}").id for n in range(130)]
        network.post(author, "", retweets=ids[0])
        network.post(author, "acme pay is a scam giveaway")
        query = build_query(["acme pay", "#acme"], ["giveaway"])
        assert query is not None
        page = await x.search(await x.account(), query, cursor)
    assert [post.id for post in page.posts] == ids
    assert page.posts[0].match_reason is MatchReason.SEARCH


async def test_an_edit_arrives_under_its_first_id() -> None:
    async with sandbox_x() as (x, network):
        account = await x.account()
        first = network.post(network.accounts.get("ana", "Ana"), "@acme my paymnt failed")
        cursor = (await x.mentions(account, None)).newest_id
        edited = network.edit(first.id, "@acme my payment failed")
        page = await x.mentions(account, cursor)
    [post] = page.posts
    assert (post.id, post.revision_id, post.text) == (first.id, edited.id, "@acme my payment failed")


TROUBLES = [
    (Answer(payload("401_unauthorized.json"), status=401), SourceFault.REFUSED, "401"),
    (Answer(payload("403_app_permissions.json"), status=403), SourceFault.REFUSED, "oauth1 app permissions"),
    (Answer(payload("402_credits_depleted.json"), status=402), SourceFault.OUT_OF_CREDIT, "credit"),
    (Answer(payload("429_usage_cap.json"), status=429), SourceFault.USAGE_CAP, "usage cap"),
    (Answer(payload("429_rate_limit.json"), status=429), SourceFault.RATE_LIMIT, "rate limit"),
    (Answer("<html>slow down</html>", status=429, content_type="text/html"), SourceFault.RATE_LIMIT, "rate limit"),
    (Answer(payload("503_over_capacity.html"), status=503, content_type="text/html"), SourceFault.UNAVAILABLE, "503"),
    (Answer('{"title": "x"}', status=500), SourceFault.UNAVAILABLE, "500"),
    (Answer("<html>", status=520, content_type="text/html"), SourceFault.UNAVAILABLE, "520"),
    (Answer("<html>blocked</html>", status=403, content_type="text/html"), SourceFault.UNAVAILABLE, "403"),
    (Answer(payload("400_bad_text.json"), status=400), SourceFault.BAD_REQUEST, "must be a string"),
    (Answer("{}", status=404), SourceFault.BAD_REQUEST, "refused"),
    (Answer("", status=302, headers={"Location": "http://127.0.0.1:9/"}), SourceFault.UNAVAILABLE, "302"),
    (Answer("<html>hello</html>", content_type="text/html"), SourceFault.UNAVAILABLE, "not JSON"),
    (Answer('{"data": [{"id"'), SourceFault.UNAVAILABLE, "not JSON"),
    (Answer("["*100_000), SourceFault.UNAVAILABLE, "not JSON"),
    (Answer("null"), SourceFault.UNAVAILABLE, "not a page"),
    (Answer("[]"), SourceFault.UNAVAILABLE, "not a page"),
    (Answer("{}"), SourceFault.UNAVAILABLE, "not a page"),
    (Answer('{"data": {"id": "1"}, "meta": {}}'), SourceFault.UNAVAILABLE, "not a page"),
    (Answer('{"meta": {"result_count": 3}}'), SourceFault.UNAVAILABLE, "not a page"),
    (Answer(lost=True), SourceFault.UNAVAILABLE, "lost"),
    (Answer("\ud800".encode("utf-8", "replace").decode() * 3), SourceFault.UNAVAILABLE, "not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "trouble", "told"), TROUBLES, ids=[f"{t.value}-{n}" for n, (_, t, _) in enumerate(TROUBLES)])  # fmt: skip
async def test_each_trouble_has_its_meaning(said: Answer, trouble: SourceFault, told: str) -> None:
    async with scripted_x(said) as (x, _):
        with pytest.raises(SourceError, match=told) as caught:
            await x.mentions(ACME, str(BASE))
    assert caught.value.fault is trouble
    assert caught.value.resume_at is None
    assert caught.value.__cause__ is None


async def test_a_slow_answer_is_given_up() -> None:
    async with scripted_x(Answer(seconds=3), total_seconds=0.2) as (x, _):
        with pytest.raises(SourceError, match=r"within 0\.2 s") as caught:
            await x.mentions(ACME, None)
    assert caught.value.fault is SourceFault.UNAVAILABLE


async def test_nobody_there_is_told() -> None:
    async with sandbox_x() as (x, _):
        pass
    with pytest.raises(SourceError, match="cannot be reached"):
        await x.account()
    await x.close()


async def test_a_huge_answer_is_not_swallowed_whole() -> None:
    async with scripted_x(Answer("x" * (17 * 1024 * 1024))) as (x, _):
        with pytest.raises(SourceError, match="larger than 16 MB"):
            await x.mentions(ACME, None)


@pytest.mark.parametrize("ahead", [0.0, -900.0, 900.0])
async def test_the_end_of_a_rate_limit_is_kept_by_xs_own_clock(ahead: float) -> None:
    ends = int(datetime.now(UTC).timestamp()) + 600
    said = Answer(payload("429_rate_limit.json"), status=429, headers={"x-rate-limit-reset": str(ends)})
    async with scripted_x(said, ahead=ahead) as (x, _):
        with pytest.raises(SourceError) as caught:
            await x.mentions(ACME, None)
    assert caught.value.resume_at is not None
    assert abs(caught.value.resume_at.timestamp() - (ends + ahead)) < 5


@pytest.mark.parametrize("reset", ["", "soon", "-1e9", "9" * 40])
async def test_an_odd_reset_header_does_no_harm(reset: str) -> None:
    said = Answer(payload("429_rate_limit.json"), status=429, headers={"x-rate-limit-reset": reset})
    async with scripted_x(said) as (x, _):
        with pytest.raises(SourceError) as caught:
            await x.mentions(ACME, None)
    assert caught.value.fault is SourceFault.RATE_LIMIT


async def test_a_days_limit_outlasts_the_window() -> None:
    now = int(datetime.now(UTC).timestamp())
    headers = {
        "x-rate-limit-reset": str(now + 60),
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(now + 7200),
    }
    async with scripted_x(Answer(payload("429_rate_limit.json"), status=429, headers=headers)) as (x, _):
        with pytest.raises(SourceError) as caught:
            await x.mentions(ACME, None)
    assert caught.value.resume_at is not None
    assert caught.value.resume_at.timestamp() > now + 7000


async def test_the_pretend_xs_own_limits_are_understood() -> None:
    async with sandbox_x() as (x, network):
        account = await x.account()
        network.limits.limit["GET /2/users/:id/mentions"] = 1
        await x.mentions(account, None)
        with pytest.raises(SourceError) as limited:
            await x.mentions(account, None)
        network.meter.cap = 0
        with pytest.raises(SourceError) as capped:
            await x.search(account, "acme", None)
        network.meter.credit = 0
        with pytest.raises(SourceError) as broke:
            await x.account()
    assert limited.value.fault is SourceFault.RATE_LIMIT
    assert limited.value.resume_at is not None
    assert capped.value.fault is SourceFault.USAGE_CAP
    assert broke.value.fault is SourceFault.OUT_OF_CREDIT


async def test_the_account_is_whose_the_keys_are() -> None:
    async with sandbox_x() as (x, _):
        assert await x.account() == ACME


@pytest.mark.parametrize("body", ["{}", "[]", '{"data": null}', '{"data": {"id": "1"}}'])
async def test_an_account_that_cannot_be_read_is_unavailable(body: str) -> None:
    async with scripted_x(Answer(body)) as (x, _):
        with pytest.raises(SourceError, match="whose keys") as caught:
            await x.account()
    assert caught.value.fault is SourceFault.UNAVAILABLE


async def test_what_is_gone_is_what_x_says_is_gone() -> None:
    async with scripted_x(Answer(payload("lookup_gone.json"))) as (x, script):
        assert await x.missing_posts(["11", "12", "13", "14", "15", "not-an-id"]) == {"12", "13"}
    assert script.requests[0].query["ids"] == "11,12,13,14,15"


async def test_gone_asks_for_a_hundred_at_a_time() -> None:
    async with sandbox_x() as (x, network):
        ids = mention_all(network, 230)
        for one in (ids[0], ids[150], ids[229]):
            network.delete(one)
        assert await x.missing_posts(ids) == {ids[0], ids[150], ids[229]}


async def test_gone_asks_nothing_for_nothing_and_tells_trouble() -> None:
    async with scripted_x(Answer(status=500)) as (x, script):
        assert await x.missing_posts([]) == frozenset()
        assert not script.requests
        with pytest.raises(SourceError):
            await x.missing_posts(["1"])
