"""Tag cases and customers, and list the customers who have a tag."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.tags import (
    NEED_REASON,
    CustomerTag,
    TagChange,
    TaggedCustomer,
    TagNeedsReason,
    Tags,
    sure_tags,
)
from domain.errors import Refused
from domain.records.audit import Action
from handlers.cases.transitions import save_change
from storage.unit_of_work import UnitOfWork

MAX_PROPOSED = 10
MAX_CUSTOMERS = 50
MAX_CASES_OF_CUSTOMER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TagForm:
    """What the form *Tags…* shows; `proposed` are tags that the case does not have."""

    case: Case
    tags: Tags
    proposed: Sequence[str]


def view_tag_form(uow: UnitOfWork, *, case_id: int, listed: Sequence[str]) -> TagForm:
    """Load the form: tags that nearly all similar cases have are proposed first, then the `listed` ones."""
    case = uow.cases.get(case_id)
    tags = uow.tags.of_case(case)
    similar, counts = uow.tags.of_similar(case.assessment.situation, besides=case.id)
    sure = sure_tags(similar, counts, without=tags.case)
    others = [name for name in listed if name not in tags.case and name not in sure]
    return TagForm(case=case, tags=tags, proposed=[*sure, *others][:MAX_PROPOSED])


def change_tags(
    uow: UnitOfWork,
    *,
    case_id: int,
    of_case: TagChange,
    of_customer: TagChange,
    reason: str,
    user_id: str,
    now: datetime,
) -> Case:
    """Add and remove tags of a case and of its customer, each act in the audit trail.

    What others have changed since the form was opened stays. Raises `TagNeedsReason`, `TooManyTags`.
    """
    case = uow.cases.get(case_id)
    tags = uow.tags.of_case(case)
    of_case, of_customer = of_case.on(tags.case), of_customer.on(tags.customer_names)
    if of_customer:
        uow.cases.lock(other.id for other in _cases_of_customer(uow, case))
    require_reason(of_customer.added, reason)
    if of_case:
        uow.tags.add(case.id, of_case.added, by=user_id, now=now)
        uow.tags.remove(case.id, of_case.removed)
        case = _save(uow, case, Action.CASE_TAGGED, of_case, user_id=user_id, now=now)
    if of_customer:
        tagged = [
            CustomerTag(name=name, reason=reason, added_by=user_id, added_at=now)
            for name in of_customer.added
        ]
        case = _tag_customer(uow, case, tagged, of_customer, user_id=user_id, now=now)
    return case


def tag_customer(
    uow: UnitOfWork, *, handle: str, tag: str, reason: str, user_id: str, now: datetime
) -> Sequence[Case]:
    """Give the customers with this handle a tag, each by their newest case; return those cases.

    An empty `reason` takes the tag away. Raises `Refused` where no customer with the handle has written yet.
    """
    newest = uow.tags.newest_cases(handle)
    if not newest:
        raise Refused(
            "Nothing was changed: nobody with that handle has written to us yet. "
            "Whoever has not written yet can be listed in switchboard.toml, under [tags]."
        )
    wanted = TagChange(added=(tag,)) if reason else TagChange(removed=(tag,))
    uow.cases.lock(other.id for case in newest for other in _cases_of_customer(uow, case))
    for case in newest:
        made = CustomerTag(name=tag, reason=reason, added_by=user_id, added_at=now)
        _tag_customer(uow, case, [made] if reason else [], wanted, user_id=user_id, now=now)
    return newest


def list_customers(uow: UnitOfWork, *, tag: str) -> list[TaggedCustomer]:
    """List the customers who have the tag, newest first."""
    return uow.tags.customers([tag], limit=MAX_CUSTOMERS)


def require_reason(added: Iterable[str], reason: str) -> None:
    """Raise `TagNeedsReason` where one of the added tags of a customer needs one and there is none."""
    for name in added:
        if name in NEED_REASON and not reason:
            raise TagNeedsReason(name)


def _tag_customer(
    uow: UnitOfWork,
    case: Case,
    tagged: Iterable[CustomerTag],
    change: TagChange,
    *,
    user_id: str,
    now: datetime,
) -> Case:
    """Store the tags of the case's customer."""
    author = (case.network, case.account_id, case.author.id)
    for tag in tagged:
        uow.tags.save_of_customer(*author, tag)
    uow.tags.remove_of_customer(*author, change.removed)
    reason = next((tag.reason for tag in tagged), "")
    acts: Any = {"user_id": user_id, "now": now, "reason": reason}
    names = uow.tags.of_case(case).customer_names
    others = [other for other in _cases_of_customer(uow, case) if other.id != case.id]
    for other in sorted(others, key=lambda other: other.id):
        if other.state.is_active:
            _save(uow, _with_tags(other, names), Action.CUSTOMER_TAGGED, change, **acts)
        else:
            uow.cases.save(_with_tags(other, names))
    return _save(uow, _with_tags(case, names), Action.CUSTOMER_TAGGED, change, **acts)


def _cases_of_customer(uow: UnitOfWork, case: Case) -> list[Case]:
    """Return the newest cases of the case's customer, which all have the tags of the customer."""
    return uow.cases.of_author(case.network, case.account_id, case.author.id, limit=MAX_CASES_OF_CUSTOMER)


def _with_tags(case: Case, names: tuple[str, ...]) -> Case:
    """Return the case with the tags that its customer has now, by which it is ranked."""
    return replace(case, routing=replace(case.routing, customer_tags=names))


def _save(
    uow: UnitOfWork,
    case: Case,
    action: Action,
    change: TagChange,
    *,
    user_id: str,
    now: datetime,
    reason: str = "",
) -> Case:
    detail = {"added": change.added, "removed": change.removed} | ({"reason": reason} if reason else {})
    return save_change(uow, case, actor=user_id, action=action, now=now, detail=detail)
