"""Store and forget what comes with a post, and complete authors whom the network does not describe."""

from dataclasses import replace
from datetime import timedelta

from domain.cases.messages import Message
from domain.intake.post_context import (
    NO_CONTEXT,
    Named,
    PostContext,
    ReferencedPost,
    ReferenceKind,
    Withheld,
)
from domain.intake.posts import Author
from domain.intake.streams import Stream
from domain.records.erasure import CustomerName
from domain.triage.pointed_at import POINTED_AT
from domain.triage.situations import Situation
from handlers.intake.deletion_sweep import ids_to_look_up, next_sweep_batch, redact_deleted_posts
from handlers.intake.redaction import redact_post
from handlers.records.customers import erase_customer
from storage.engine import Store
from tests.handlers.made import (
    ACME,
    ANA,
    BEN,
    NOW,
    PAYMENT,
    POLICY,
    SAM,
    a_classifier,
    a_post,
    arrive,
    cases,
    do,
    messages,
    queued,
)

QUOTED = ReferencedPost(
    kind=ReferenceKind.QUOTED,
    id="7",
    author_id="733",
    handle="ben_k",
    text=PAYMENT,
    alt_texts=("", "Error 51"),
    url="https://x.com/ben_k/status/7",
)
CONTEXT = PostContext(
    references=(QUOTED, ReferencedPost(kind=ReferenceKind.ANSWERED, id="8", is_ours=True)),
    named=(Named("801", "bob_b"),),
    withheld=Withheld(countries=("DE",), over_copyright=True),
)
UNNAMED = Author(id=ANA.id, handle="", name="")


def only(store: Store) -> Message:
    [case] = cases(store)
    [message] = messages(store, case.id)
    return message


def test_what_comes_with_a_post_is_stored_replaced_by_an_edit_and_gone_with_the_post(store: Store) -> None:
    arrive(store, a_post(context=CONTEXT))
    assert only(store).context == CONTEXT
    changed = replace(CONTEXT, named=())
    arrive(store, a_post(revision_id="901", text="@acme better", context=changed))
    assert only(store).context == changed
    do(store, redact_post, message_id=only(store).id, policy=POLICY, now=NOW)
    assert only(store).context == NO_CONTEXT


def test_a_post_that_only_points_at_another_is_about_that_one() -> None:
    post = a_post(text="@acme this 👇", context=PostContext(references=(QUOTED,)))
    found = a_classifier().assess(post)
    assert (found.situation, POINTED_AT in found.reasons) == (Situation.CANNOT_PAY, True)
    assert a_classifier().assess(replace(post, context=NO_CONTEXT)).situation is not Situation.CANNOT_PAY


def test_posts_with_and_without_context_keep_their_order() -> None:
    plain, pointing = (
        a_post(text="@acme hm"),
        a_post(text="@acme hm", context=PostContext(references=(QUOTED,))),
    )
    found = a_classifier().assess_many([plain, pointing, a_post(), plain])
    assert [POINTED_AT in one.reasons for one in found] == [False, True, False, False]


def test_an_author_whom_the_network_leaves_out_keeps_name_and_followers(sqlite: Store) -> None:
    arrive(sqlite, a_post())
    arrive(sqlite, a_post("901", "@acme hello? second try", author=UNNAMED))
    [case] = cases(sqlite)
    assert (case.author.handle, case.author.name, case.author.followers) == (ANA.handle, ANA.name, 1240)
    assert {message.author_name for message in messages(sqlite, case.id)} == {ANA.name}


def test_an_author_who_is_sent_without_followers_keeps_those_that_we_know(sqlite: Store) -> None:
    arrive(sqlite, a_post())
    arrive(sqlite, a_post("901", author=replace(ANA, name="Ana R.", followers=0)))
    [case] = cases(sqlite)
    assert (case.author.name, case.author.followers) == ("Ana R.", 1240)


def test_an_author_who_was_never_described_stays_unnamed(sqlite: Store) -> None:
    arrive(sqlite, a_post(author=UNNAMED))
    arrive(sqlite, a_post("901", author=UNNAMED))
    assert [case.author for case in cases(sqlite)] == [UNNAMED]


def sweep(store: Store, deleted: frozenset[str]) -> int:
    stream = Stream(account=ACME, name="deletions", label="X")
    batch = do(store, next_sweep_batch, account=ACME, within=timedelta(days=7), now=NOW)
    assert batch is not None
    return do(
        store,
        redact_deleted_posts,
        stream=stream,
        batch=batch,
        up_to_id=9,
        posts=[only(store)],
        deleted_ids=deleted,
        policy=POLICY,
        now=NOW,
    )


def test_a_quoted_post_that_is_deleted_goes_and_the_post_that_quotes_it_stays(store: Store) -> None:
    arrive(store, a_post(context=CONTEXT))
    message = only(store)
    assert ids_to_look_up([message]) == ["900", "7"], "ours is not shown by X alone"
    before = len(queued(store, "update_card"))
    assert sweep(store, frozenset({"7"})) == 1
    kept = only(store)
    assert (kept.text, kept.deleted_at) == (PAYMENT, None)
    assert [(one.id, one.words, one.handle) for one in kept.context.references] == [
        ("7", "", ""),
        ("8", "", ""),
    ]
    assert ids_to_look_up([kept]) == ["900"]
    assert len(queued(store, "update_card")) >= max(before, 1)
    assert sweep(store, frozenset({"7"})) == 0


def test_who_is_erased_is_erased_where_others_quote_and_name_them(store: Store) -> None:
    context = replace(
        CONTEXT,
        references=(replace(QUOTED, author_id=BEN.id),),
        named=(Named(BEN.id, BEN.handle), Named("801", "bob_b")),
    )
    arrive(store, a_post(context=context))
    arrive(store, a_post("950", author=BEN))
    do(store, erase_customer, name=CustomerName("x", BEN.handle), by=SAM, now=NOW)
    kept = next(m for case in cases(store) for m in messages(store, case.id) if m.author_id == ANA.id)
    assert kept.text == PAYMENT
    assert [(one.words, one.author_id, one.handle, one.url) for one in kept.context.references] == [
        ("", "", "", "")
    ]
    assert kept.context.named == (Named("801", "bob_b"),)
