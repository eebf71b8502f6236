"""Suggest the approved wording of an outage to linked cases, in words that nobody else has."""

from dataclasses import replace
from datetime import timedelta

from domain.cases.case import Case
from domain.intake.posts import Author
from domain.outages.notices import NoticeKind, Version
from domain.outages.outage import Phase
from domain.triage.drafts import Source, Suggestion
from handlers.cases.views import view_case
from handlers.outages.links import link_case, undo_links
from handlers.triage.outage_wordings import OutageWordings
from handlers.triage.suggest import with_suggestion
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.context import NOTICE_WORDS
from tests.handlers.made import NOW, PAYMENT, SAM, a_classifier, a_post, arrive, cases, do, networks
from tests.handlers.outages.made import (
    ListDestination,
    a_notice,
    an_outage,
    content,
    destinations,
    sent,
)

WHERE = destinations(page=ListDestination())
DUE = NOW + timedelta(minutes=30)
VERSIONS = (
    Version(language="en", problem="Payments fail", workaround="Pay by transfer."),
    Version(language="es", problem="Los pagos fallan", workaround="Paga por transferencia."),
)


def announced(store: Store) -> int:
    outage, notice = an_outage(store, versions=VERSIONS, next_update_due=DUE)
    sent(store, notice, WHERE)
    return outage.id


def a_case(store: Store, number: int = 1, language: str = "en", name: str = "Ana Ruiz") -> Case:
    author = Author(id=f"p{number}", handle=f"p{number}", name=name, followers=1)
    arrive(store, a_post(f"60{number}", PAYMENT, author=author, language_hint=language))
    return next(case for case in cases(store) if case.author.id == author.id)


def link(store: Store, outage_id: int, case: Case) -> None:
    do(store, link_case, outage_id=outage_id, case_id=case.id, user_id=SAM, now=NOW)


def suggested(store: Store, case: Case) -> Suggestion | None:
    def load(uow: UnitOfWork) -> Suggestion | None:
        view = view_case(uow, case_id=case.id, now=NOW)
        wordings = OutageWordings(NOTICE_WORDS, networks())
        return with_suggestion(uow, view, a_classifier(), NOW, wordings).suggestion

    chosen: Suggestion | None = do(store, load)
    return chosen


def test_a_linked_case_is_suggested_the_approved_wording(store: Store) -> None:
    case = a_case(store)
    before = suggested(store, case)
    assert before is not None
    assert before.source is Source.SAVED_REPLY
    outage_id = announced(store)
    link(store, outage_id, case)
    chosen = suggested(store, case)
    assert chosen is not None
    assert (chosen.source, chosen.name, chosen.title) == (Source.OUTAGE, str(outage_id), "Payments fail")
    assert "Ana," in chosen.text
    assert "Pay by transfer." in chosen.text
    assert f"{DUE:%H:%M} UTC" in chosen.text


def test_it_is_in_the_customers_language_and_nobody_else_has_it(store: Store) -> None:
    outage_id = announced(store)
    found = [a_case(store, number) for number in range(3)]
    spanish = a_case(store, 7, "es")
    for case in (*found, spanish):
        link(store, outage_id, case)
    texts = [chosen.text for case in found if (chosen := suggested(store, case)) is not None]
    assert len(set(texts)) == 3
    in_spanish = suggested(store, spanish)
    assert in_spanish is not None
    assert "Paga por transferencia." in in_spanish.text


def test_a_language_without_a_wording_is_suggested_what_is_usual(store: Store) -> None:
    case = a_case(store, 1, "nl")
    link(store, announced(store), case)
    chosen = suggested(store, case)
    assert chosen is None or chosen.source is Source.SAVED_REPLY


def test_an_update_is_in_the_next_suggestion(store: Store) -> None:
    case = a_case(store)
    outage_id = announced(store)
    link(store, outage_id, case)
    suggested(store, case)
    update = a_notice(
        store,
        outage_id,
        NoticeKind.UPDATE,
        content(
            "We found it",
            phase=Phase.IDENTIFIED,
            versions=(replace(VERSIONS[0], workaround="Pay with PayPal."),),
        ),
    )
    sent(store, update, WHERE)
    chosen = suggested(store, case)
    assert chosen is not None
    assert "Pay with PayPal." in chosen.text
    assert "Next update" not in chosen.text


def test_without_the_link_the_usual_reply_is_suggested_again(store: Store) -> None:
    case = a_case(store)
    outage_id = announced(store)
    link(store, outage_id, case)
    suggested(store, case)
    do(store, undo_links, outage_id=outage_id, case_ids=[case.id], user_id=SAM, now=NOW)
    chosen = suggested(store, case)
    assert chosen is not None
    assert chosen.source is Source.SAVED_REPLY
