"""Define legal holds: what is stored of a case must stay, whatever retention or erasure say."""

from dataclasses import dataclass
from datetime import datetime

MAX_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """Why the content of a case must be kept, and who said so."""

    case_id: int
    reason: str
    placed_by: str
    placed_at: datetime
