"""Bundle the repositories of the records: the chain of the audit trail, holds, erasure and retention."""

from functools import partial

from sqlalchemy import Connection

from storage.audit_chain import AuditChain
from storage.customer_outbox import CustomerOutbox
from storage.customers import Customers
from storage.erasure import Erasure
from storage.legal_holds import LegalHolds
from storage.retention import ExpiredContent
from storage.similar_customers import find_similar


class Records:
    """The repositories of the records, in one transaction."""

    __slots__ = ("chain", "customers", "erasure", "expired", "holds", "outbox", "similar_customers")

    def __init__(self, connection: Connection) -> None:
        self.similar_customers = partial(find_similar, connection)
        self.chain = AuditChain(connection)
        self.holds = LegalHolds(connection)
        self.customers = Customers(connection)
        self.outbox = CustomerOutbox(connection)
        self.erasure = Erasure(connection)
        self.expired = ExpiredContent(connection)
