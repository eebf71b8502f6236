"""Build permalinks of messages, cards and threads."""

from domain.cases.case import Case


def permalink(team_url: str, channel: str, ts: str) -> str:
    """Return a message's permalink. `team_url` is the "url" of `auth.test` and ends in "/"."""
    return f"{team_url}archives/{channel}/p{ts.replace('.', '')}"


def thread_link(team_url: str, case: Case) -> str | None:
    """Return the permalink of the case's thread; `None` until its card is posted."""
    address = card_link(team_url, case)
    return f"{address}?thread_ts={case.card_ts}&cid={case.card_channel}" if address else None


def card_link(team_url: str, case: Case) -> str | None:
    """Return the permalink of the case's card; `None` until it is posted."""
    if case.card_channel is None or case.card_ts is None:
        return None
    return permalink(team_url, case.card_channel, case.card_ts)
