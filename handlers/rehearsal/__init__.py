"""Run a rehearsal: a second desk with a database of its own, by the same code, connected to nothing."""

from handlers.rehearsal.runner import Rehearsals, open_rehearsals

__all__ = ["Rehearsals", "open_rehearsals"]
