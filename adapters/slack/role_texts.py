"""Word the refusals of whoever lacks a permission: what happened, why, and who has it."""

from collections.abc import Mapping, Sequence

from domain.access import Permission

_DONE = "Nothing was done"
_SHOWN = "Nothing is shown"
_ASK = "Ask one of them, or ask to be added."
_WHAT: Mapping[Permission, tuple[str, str]] = {
    Permission.SEE_CASES: (_SHOWN, "cases are"),
    Permission.SEE_CONTACT_DATA: (_SHOWN, "e-mail addresses, phone numbers and files of customers are"),
    Permission.WORK_ON_CASES: (_DONE, "acting on cases is"),
    Permission.REASSIGN_CASES: (_DONE, "moving a case that a colleague has claimed is"),
    Permission.LIST_CUSTOMERS: (_DONE, "changing the VIP and watch lists is"),
    Permission.FORGET_TAUGHT: (_DONE, "forgetting all that was taught is"),
    Permission.SEE_REPORTS: (_SHOWN, "summaries and exports are"),
    Permission.KEEP_RECORDS: (_DONE, "the audit trail and legal holds are"),
    Permission.WORK_ON_OUTAGES: (_DONE, "outages are"),
}


def not_permitted(permission: Permission, who: Sequence[str], *, happened: str = "") -> str:
    """Word that somebody lacks a permission, which the members of `who` have.

    `happened` is said in place of "Nothing was done".
    """
    outcome, subject = _WHAT[permission]
    return f"{happened or outcome}: {subject} for members of {' or '.join(who)}, and you are not one of them. {_ASK}"


def not_an_agent(who: str, *, happened: str = "") -> str:
    """Word that somebody is no agent; the agents are the members of `who`."""
    return (
        f"{happened or _DONE}: only members of {who} may act here, and you are not one of them. "
        "Ask to be added, then try again."
    )


def agents_unknown(who: str, *, happened: str = "") -> str:
    """Word that Slack has never told who the agents are."""
    return (
        f"{happened or _DONE}: Slack does not tell who is a member of {who}, so nobody may act here. "
        "Ask the person who runs Switchboard to run `python bot.py check`, then press again."
    )
