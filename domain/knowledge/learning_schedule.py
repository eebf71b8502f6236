"""Decide when the heads are trained by themselves."""

from datetime import datetime, timedelta

from domain.knowledge.desk_examples import ExamplesState, Training

#: The hour, in UTC, of the nightly training.
NIGHT_HOUR = 3
#: A night that was missed is made up for.
_LONGEST_WAIT = timedelta(hours=25)


def is_learning_due(latest: Training | None, current: ExamplesState, *, base: str, now: datetime) -> bool:
    """Return whether to train now: at night, where examples came or went since the `latest` training.

    At once where there was none yet, or where the heads that it started from are no longer `base`.
    """
    if latest is None or latest.base != base:
        return current.count > 0
    if current == latest.learnt_from:
        return False
    return now.hour == NIGHT_HOUR or now - latest.at >= _LONGEST_WAIT
