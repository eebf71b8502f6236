"""Find what is stored of a customer, read all of it, and erase what is in no case."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from domain.cases.messages import Direction
from domain.outages.subscribers import SubscriberState
from domain.records.erasure import ERASED, Customer, CustomerName, is_erased
from domain.venues import Venue
from storage.outbox_tables import outbox
from storage.subscriber_tables import notice_mails, subscribers
from storage.tables import cases, handoffs, messages, metadata, opt_outs, transcripts
from storage.tag_tables import customer_tags
from storage.types import AnyRow, AnySelect
from storage.unproven_mail_tables import unproven_mails

_c, _m, _h, _t, _s = cases.c, messages.c, handoffs.c, transcripts.c, subscribers.c
_value: BindParameter[str] = bindparam("value")
_author = (_c.network, _c.account_id, _c.author_id)
_AUTHORS_NAMED = select(*_author).where(
    _c.network == bindparam("network"),
    or_(_c.author_id == _value, func.lower(_c.author_handle) == func.lower(_value)),
)
_AUTHORS_OF_CASES = select(*_author).where(_c.id.in_(bindparam("ids", expanding=True)))
_MAIL_WRITERS = (
    select(_m.network, _m.account_id, _m.author_id)
    .where(_m.direction == Direction.IN.value, _m.network == Venue.EMAIL.value, _m.author_id == _value)
    .distinct()
)
_GAVE_ADDRESS = select(_h.case_id).where(func.lower(_h.address) == _value)
_GAVE_VERIFIED = _GAVE_ADDRESS.where(_h.proof.is_not(None))
_HAD_TRANSCRIPT = select(_t.case_id).where(func.lower(_t.address) == _value)
_OF_AUTHOR = select(_c.id, _c.author_handle, _c.author_name).where(
    _c.network == bindparam("network"), _c.account_id == bindparam("account"), _c.author_id == _value
)
_VERIFIED_ADDRESSES = select(_h.address).where(
    _h.case_id.in_(bindparam("ids", expanding=True)),
    _h.venue == Venue.EMAIL.value,
    _h.proof.is_not(None),
    _h.address.is_not(None),
)
_UNPROVEN = select(unproven_mails.c.id).where(unproven_mails.c.address == _value)
_SUBSCRIBER = select(_s.id).where(_s.address == _value)
_ELSEWHERE = select(_m.id, _m.case_id).where(
    _m.direction == Direction.IN.value,
    _m.network == bindparam("network"),
    _m.account_id == bindparam("account"),
    _m.author_id == _value,
    _m.case_id.not_in(bindparam("ids", expanding=True)),
)
_QUOTED_IN = select(_m.id, _m.case_id).where(
    _m.network == bindparam("network"),
    _m.account_id == bindparam("account"),
    _m.context.is_not(None),
    cast(_m.context, Text).contains(bindparam("quoted"), autoescape=False),
    _m.case_id.not_in(bindparam("ids", expanding=True)),
)
_END_SUBSCRIPTION = (
    update(subscribers)
    .where(_s.id.in_(bindparam("ids", expanding=True)))
    .values(
        address=literal(ERASED).concat(cast(_s.id, Text)),
        asked=null(),
        nonce="",
        state=SubscriberState.UNSUBSCRIBED.value,
        ended_at=func.coalesce(_s.ended_at, bindparam("now", type_=_s.ended_at.type)),
    )
)
_FORGET_BOUNCES = (
    update(notice_mails)
    .where(notice_mails.c.subscriber_id.in_(bindparam("ids", expanding=True)))
    .values(reason=None)
)
_o = opt_outs.c
_OPT_OUT = delete(opt_outs).where(
    _o.network == bindparam("network"), _o.account_id == bindparam("account"), _o.author_id == _value
)
_u = customer_tags.c
_TAGS = delete(customer_tags).where(
    _u.network == bindparam("network"), _u.account_id == bindparam("account"), _u.author_id == _value
)
#: Not the customer's, or of no use to them: secrets, and what is computed from their words.
_LEFT_OUT = frozenset({"nonce", "code", "secret_hash", "vector", "search_text", "content_hash"})


#: By which column a row is found that is in a case of others, and what it is the id of.
_OWN_IDS = {
    "messages": ("id", "messages"),
    "files": ("message_id", "messages"),
    "unproven_mails": ("id", "mails"),
    "unproven_files": ("mail_id", "mails"),
}


class Customers:
    """What is stored of one customer at a time."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: CustomerName) -> Customer:
        """Return by what everything that is stored of a customer is found; unknown where there is nothing.

        Whoever wrote from an address, or was verified at it, is the same customer. A case in which an address
        was only given is theirs, but not the other cases of its author.
        """
        authors: set[tuple[str, str, str]] = set()
        addresses: set[str] = set()
        given: set[int] = set()
        if name.network:
            authors |= self._authors(_AUTHORS_NAMED, network=name.network, value=name.value)
        else:
            addresses.add(name.value)
        known = -1
        while known != (known := len(authors) + len(addresses)):
            for address in addresses:
                authors |= self._authors(_AUTHORS_NAMED, network=Venue.EMAIL.value, value=address)
                authors |= self._authors(_MAIL_WRITERS, value=address)
                given |= self._ids(_GAVE_ADDRESS, value=address) | self._ids(_HAD_TRANSCRIPT, value=address)
                authors |= self._authors(_AUTHORS_OF_CASES, ids=self._ids(_GAVE_VERIFIED, value=address))
            own = {row.id: row for author in authors for row in self._of(_OF_AUTHOR, author)}
            verified = self._connection.scalars(_VERIFIED_ADDRESSES, {"ids": list(own)})
            addresses |= {address.lower() for address in verified}
        addresses |= {author[2].lower() for author in authors if author[0] == Venue.EMAIL}
        names = {value for row in own.values() for value in (row.author_handle, row.author_name) if value}
        return Customer(
            cases=tuple(sorted({*own, *given})),
            authors=tuple(sorted(authors)),
            names=tuple(sorted(names | addresses)),
            subscribers=tuple(
                sorted(one for address in addresses for one in self._ids(_SUBSCRIBER, value=address))
            ),
            unproven=tuple(
                sorted(one for address in addresses for one in self._ids(_UNPROVEN, value=address))
            ),
        )

    def messages_elsewhere(self, customer: Customer) -> dict[int, int]:
        """Return the customer's messages in cases of others: the ids of these cases, by message id."""
        own = {"ids": list(customer.cases)}
        return {
            row.id: row.case_id
            for author in customer.authors
            for row in self._connection.execute(_ELSEWHERE, _named(author) | own)
        }

    def quoted_in(self, customer: Customer) -> dict[int, int]:
        """Return the messages of others that show posts of the customer, or name them: case ids by id."""
        found: dict[int, int] = {}
        for author in customer.authors:
            values = {**_named(author), "ids": list(customer.cases), "quoted": f'"{author[2]}"'}
            found |= {row.id: row.case_id for row in self._connection.execute(_QUOTED_IN, values)}
        return found

    def end_subscriptions(self, customer: Customer, *, now: datetime) -> None:
        """Take their addresses off the e-mail list, and off the mails that were sent to them."""
        if customer.subscribers:
            ids = list(customer.subscribers)
            self._connection.execute(_END_SUBSCRIPTION, {"ids": ids, "now": now})
            self._connection.execute(_FORGET_BOUNCES, {"ids": ids})

    def forget_opt_outs(self, customer: Customer) -> None:
        """Delete their wishes not to be written to in private."""
        for network, account, author in customer.authors:
            values = {"network": network, "account": account, "value": author}
            self._connection.execute(_OPT_OUT, values)

    def forget_tags(self, customer: Customer) -> None:
        """Delete the tags of the customer."""
        for network, account, author in customer.authors:
            values = {"network": network, "account": account, "value": author}
            self._connection.execute(_TAGS, values)

    def rows(self, customer: Customer) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every row about the customer, with the name of its table. Contents of files are left out."""
        cases_of, elsewhere = list(customer.cases), list(self.messages_elsewhere(customer))
        for table in metadata.sorted_tables:
            for query in _about(table, customer, cases_of, elsewhere):
                for row in self._connection.execute(query).mappings():
                    yield table.name, {key: value for key, value in row.items() if key not in _LEFT_OUT}

    def _authors(self, query: AnySelect, **values: Any) -> set[tuple[str, str, str]]:  # noqa: ANN401 - of the query
        if not values.get("ids", (1,)):
            return set()
        values |= {"ids": list(values["ids"])} if "ids" in values else {}
        found = {tuple(row) for row in self._connection.execute(query, values)}
        return {one for one in found if not is_erased(one[2])}

    def _ids(self, query: AnySelect, **values: object) -> set[int]:
        return set(self._connection.scalars(query, values))

    def _of(self, query: AnySelect, author: tuple[str, str, str]) -> Sequence[AnyRow]:
        return self._connection.execute(query, _named(author)).all()


def _named(author: tuple[str, str, str]) -> dict[str, Any]:
    network, account, value = author
    return {"network": network, "account": account, "value": value}


def _about(
    table: Table, customer: Customer, case_ids: Sequence[int], elsewhere: Sequence[int]
) -> Iterator[AnySelect]:
    """Yield what selects the customer's rows of a table; nothing where it has none of customers.

    `elsewhere` are their messages in cases of others.
    """
    has_contents = table.name in {"files", "unproven_files"}
    columns = [column for column in table.c if not (has_contents and column.name == "content")]
    if table.name == "cases":
        yield select(*columns).where(table.c.id.in_(case_ids))
    elif table.name == "chat_sessions":
        of_cases = select(_h.id).where(_h.case_id.in_(case_ids))
        yield select(*columns).where(table.c.handoff_id.in_(of_cases))
    elif table.name == "outbox":
        yield select(*columns).where(outbox.c.payload["case_id"].as_integer().in_(case_ids))
    elif table.name == "subscribers":
        yield select(*columns).where(table.c.id.in_(customer.subscribers))
    elif table.name == "notice_mails":
        yield select(*columns).where(table.c.subscriber_id.in_(customer.subscribers))
    elif table.name in {"opt_outs", "customer_tags"}:
        for network, account, author in customer.authors:
            yield select(*columns).where(
                table.c.network == network, table.c.account_id == account, table.c.author_id == author
            )
    elif "case_id" in table.c:
        yield select(*columns).where(table.c.case_id.in_(case_ids))
    its_own = _OWN_IDS.get(table.name)
    if its_own is not None:
        of, whose = its_own
        ids = elsewhere if whose == "messages" else customer.unproven
        yield select(*columns).where(table.c[of].in_(ids), table.c.case_id.not_in(case_ids))
