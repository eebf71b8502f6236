"""Check names of tags, changes of them, and what similar cases propose."""

import pytest

from domain.cases.tags import (
    MAX_NAME_LENGTH,
    MAX_TAGS,
    BadTagName,
    ListedCustomer,
    TagChange,
    TooManyTags,
    parse_tags,
    sure_tags,
    tag_name,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Billing", "billing"),
        (" #App  crash ", "app-crash"),
        ("Größe", "grösse"),
        ("ﬁber", "fiber"),
        ("भुगतान", "भुगतान"),
        ("v2_beta", "v2_beta"),
    ],
)
def test_a_name_is_normalised(written: str, name: str) -> None:
    assert tag_name(written) == name
    assert tag_name(name) == name


@pytest.mark.parametrize(
    "written", ["", " ", "-", "<!channel>", "a|b", "a.b", "😀", "a\u202eb", "x" * (MAX_NAME_LENGTH + 1)]
)
def test_other_characters_and_lengths_are_refused(written: str) -> None:
    with pytest.raises(BadTagName):
        tag_name(written)


def test_names_are_separated_by_commas_and_named_once() -> None:
    assert parse_tags("billing, App;billing,\napp store,,") == ("billing", "app", "app-store")
    assert parse_tags("  ") == ()
    with pytest.raises(TooManyTags):
        parse_tags(",".join(f"t{number}" for number in range(MAX_TAGS + 1)))


def test_a_form_changes_only_what_its_writer_changed() -> None:
    change = TagChange.between(shown=["a", "b"], wanted=["b", "c"])
    assert (change.added, change.removed) == (("c",), ("a",))
    # "a" was removed and "d" added by somebody else meanwhile.
    assert change.on(["b", "d"]) == TagChange(added=("c",))
    assert not change.on(["b", "c"])


def test_a_case_has_a_limited_number_of_tags() -> None:
    full = [f"t{number}" for number in range(MAX_TAGS)]
    with pytest.raises(TooManyTags):
        TagChange(added=("one-more",)).on(full)
    assert TagChange(added=("new",), removed=("t0",)).on(full)


def test_only_what_most_similar_cases_have_is_proposed() -> None:
    counts = {"billing": 9, "app": 10, "ios": 7}
    assert sure_tags(10, counts, without=()) == ["app", "billing"]
    assert sure_tags(10, counts, without=("app",)) == ["billing"]
    assert sure_tags(4, {"billing": 4}, without=()) == []


@pytest.mark.parametrize(
    ("listed", "is_author"),
    [
        (ListedCustomer(handle="@BigCo", tag="vip", reason="r"), True),
        (ListedCustomer(handle="bigco", tag="vip", reason="r", network="x"), True),
        (ListedCustomer(handle="bigco", tag="vip", reason="r", network="fediverse"), False),
        (ListedCustomer(handle="bigcorp", tag="vip", reason="r"), False),
    ],
)
def test_a_listed_customer_is_known_by_the_whole_handle(listed: ListedCustomer, is_author: bool) -> None:
    assert listed.is_author("x", "bigco") is is_author
