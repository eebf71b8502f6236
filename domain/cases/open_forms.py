"""Define the forms to write to a customer that agents have open, so that two do not write at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: How long an open form counts without a sign of life: Slack does not always tell when one was closed.
FORM_EXPIRES_AFTER = timedelta(minutes=10)
#: How often typing renews it.
RENEW_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """An agent's open form on a case. `active_at` is when it was opened or last typed in.

    `home` is the filter of the App Home that it was opened from, empty where it was opened elsewhere.
    """

    case_id: int
    user_id: str
    active_at: datetime
    home: str = ""
