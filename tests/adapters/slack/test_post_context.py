"""Word what comes with a post."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.cards import render_card
from adapters.slack.post_context import context_lines, folded_handles, named_line, withheld_text
from domain.intake.post_context import (
    MAX_REFERENCE_TEXT,
    Named,
    PostContext,
    ReferencedPost,
    ReferenceKind,
    Withheld,
)
from tests.adapters.slack.inspection import check_message, said
from tests.adapters.slack.samples import NOW, OURS, post, view

QUOTED = ReferencedPost(
    kind=ReferenceKind.QUOTED, id="7", author_id="733", handle="ben_k", text="charged <!channel> 3 times"
)
ANSWERED = replace(QUOTED, kind=ReferenceKind.ANSWERED, id="8", handle="bob_b", text="wrong size again")
TWELVE = "@acme " + " ".join(f"@name_{number}" for number in range(11))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{TWELVE} not my fault", "@acme and 11 others · not my fault"),
        ("@acme @b @c not my fault", "@acme @b @c not my fault"),
        ("@acme @b @acme @c @acme hi", "@acme and 2 others · hi"),
        ("@acme @Acme @acme @b hi", "@acme @Acme @acme @b hi"),
        (TWELVE, TWELVE),
        (f"Look {TWELVE} at this", f"Look {TWELVE} at this"),
        ("@acme @ben@town.example @c.d @e.bsky.social help", "@acme and 3 others · help"),
    ],
)
def test_a_long_row_of_handles_before_the_words_folds(text: str, shown: str) -> None:
    assert folded_handles(text) == shown


def test_folding_takes_no_longer_for_hostile_text() -> None:
    text = "@" + "a.-" * 30_000
    assert folded_handles(text) == text


def test_a_card_shows_what_a_post_quotes_and_answers_in_small_lines() -> None:
    message = post(context=PostContext(references=(QUOTED, ANSWERED)))
    content = render_card(view(messages=[message]), ours=OURS)
    check_message(content)
    assert "↳ quotes @ben_k: “charged <!channel> 3 times”\n↳ answers @bob_b: “wrong size again”" in said(
        content
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"is_ours": True}, "↳ quotes us: “charged <!channel> 3 times”"),
        ({"handle": ""}, "↳ quotes somebody: “charged <!channel> 3 times”"),
        ({"alt_texts": ("", "Error 51")}, "↳ quotes @ben_k: “charged <!channel> 3 times” 🖼 “Error 51”"),
        ({"text": "", "alt_texts": ("",)}, "↳ quotes @ben_k: 🖼"),
        ({"text": ""}, "↳ quotes a post by @ben_k that is not shown to us: it is deleted, private or withheld"),
        ({"text": "", "handle": ""}, "↳ quotes a post that is not shown to us: it is deleted, private or withheld"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_quoted_post(changes: dict[str, Any], line: str) -> None:
    message = post(context=PostContext(references=(replace(QUOTED, **changes),)))
    assert context_lines(message) == [line]


def test_nothing_of_a_deleted_post_is_shown() -> None:
    context = PostContext(references=(QUOTED,), named=(Named("1", "eve"),))
    message = post(context=context, deleted_at=NOW)
    assert (context_lines(message), named_line(message)) == ([], "")


def test_a_withheld_post_says_so_and_where() -> None:
    message = post(text="", context=PostContext(withheld=Withheld(countries=("DE", "AT"))))
    content = render_card(view(messages=[message]), ours=OURS)
    check_message(content)
    assert "This post is withheld in Germany (DE) and Austria (AT)." in said(content)
    assert "(no text)" not in said(content)


def test_a_withheld_post_whose_words_are_known_shows_both() -> None:
    message = post(context=PostContext(withheld=Withheld(countries=("DE",))))
    card = said(render_card(view(messages=[message]), ours=OURS))
    assert "🚫 This post is withheld in Germany (DE)." in card
    assert message.text in card


@pytest.mark.parametrize(
    ("withheld", "said_of_it"),
    [
        (Withheld(), "This post is withheld. The network does not say in which countries."),
        (Withheld(countries=("XX",)), "This post is withheld in all countries."),
        (Withheld(over_copyright=True), "This post is withheld in all countries over a copyright claim."),
        (Withheld(countries=("XY",)), "This post is withheld in XY."),
        (
            Withheld(countries=("DE", "AT", "FR", "IT", "ES")),
            "This post is withheld in Germany (DE), Austria (AT), France (FR) and 2 more.",
        ),
    ],
)
def test_where_a_post_is_withheld(withheld: Withheld, said_of_it: str) -> None:
    assert withheld_text(withheld) == said_of_it


def test_a_long_quoted_post_keeps_the_card_low() -> None:
    long = replace(QUOTED, text="w" * MAX_REFERENCE_TEXT)
    [line] = context_lines(post(context=PostContext(references=(long,))))
    assert len(line) < 200
