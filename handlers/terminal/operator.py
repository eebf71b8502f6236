"""Find out who runs a command on this machine, for the audit trail."""

import getpass


def operator_name() -> str:
    """Return the name of this machine's user; "unknown user" where the system knows none.

    A container may run as a user without a name.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown user"
