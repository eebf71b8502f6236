"""Word the refusals of whoever lacks a permission: what happened, why, and who has it."""

from collections.abc import Mapping, Sequence

from domain.access import Permission, Standing

_DONE = "Nothing was done"
_SHOWN = "Nothing is shown"
_ASK = "Ask one of them, or ask to be added."
_WHAT: Mapping[Permission, tuple[str, str]] = {
    Permission.SEE_CASES: (_SHOWN, "cases are"),
    Permission.SEE_CONTACT_DATA: (_SHOWN, "e-mail addresses, phone numbers and files of customers are"),
    Permission.WORK_ON_CASES: (_DONE, "acting on cases is"),
    Permission.ASSIGN_CASES: (_DONE, "assigning cases is"),
    Permission.REASSIGN_CASES: (_DONE, "moving a case that a colleague has claimed is"),
    Permission.LIST_CUSTOMERS: (_DONE, "changing the VIP and watch lists is"),
    Permission.FORGET_TAUGHT: (_DONE, "forgetting all that was taught is"),
    Permission.SEE_REPORTS: (_SHOWN, "summaries and exports are"),
    Permission.KEEP_RECORDS: (_DONE, "the audit trail and legal holds are"),
    Permission.WORK_ON_OUTAGES: (_DONE, "outages are"),
    Permission.DRAFT_NOTICES: (_DONE, "writing notices is"),
    Permission.APPROVE_NOTICES: (_DONE, "approving notices is"),
    Permission.ANNOUNCE_NOTICES: (_DONE, "sending notices is"),
    Permission.PAUSE_SENDING: (_DONE, "pausing and resuming all sending is"),
}
_ASK_COLLEAGUE = "Ask a colleague who may, or the person who runs Switchboard"
_OUTSIDERS: Mapping[Standing, str] = {
    Standing.GUEST: f"you are a guest in this workspace, and guests may not act here. {_ASK_COLLEAGUE}: "
    "they can let guests act (`may_also_act` in switchboard.toml).",
    Standing.STRANGER: "you belong to another organisation, and only people of this one may act here. "
    f"{_ASK_COLLEAGUE}: they can let people of other organisations act (`may_also_act` in switchboard.toml).",
    Standing.BOT: "bots, apps and workflows may not act here. Do it as a person; or ask the person who runs "
    "Switchboard to let bots act (`may_also_act` in switchboard.toml).",
    Standing.DEACTIVATED: "your account is deactivated in Slack. Ask an admin of the workspace to activate it.",
    Standing.UNKNOWN: "Slack does not say just now who you are, so you may not act. Try again in a minute.",
}
#: What whoever acts from another workspace is told.
ELSEWHERE = (
    f"{_DONE}: this comes from another Slack workspace or app than the one that Switchboard is installed in. "
    "Do it there, as a member of that workspace."
)
#: What is said of a command or a form that comes a second time.
HANDLED = (
    "This was handled before, so it was not done again. Look at the card or at App Home to see what became of it; "
    "if it is not there, do it once more."
)


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


def members_unknown(who: Sequence[str], *, happened: str = "") -> str:
    """Word that Slack does not tell who the members of these groups and channels are."""
    return (
        f"{happened or _DONE}: Slack does not tell who is a member of {' or '.join(who)}, so nobody may act here. "
        "Ask the person who runs Switchboard to run `python bot.py check`, then press again."
    )


def outsider(standing: Standing, *, happened: str = "") -> str:
    """Word that somebody may not act because of what they are in the workspace, whatever their roles."""
    return f"{happened or _DONE}: {_OUTSIDERS[standing]}"
