"""Compute how many agents a target needs: the Erlang C formula of a queue with exponential handling times.

Nobody leaves the queue in it, so it errs towards more agents where some customers do.
"""

import math

MAX_LOAD = 100_000.0


def agents_needed(load: float, *, target: float, share: float) -> int:
    """Return the smallest number of agents by whom this share is answered within the target.

    `load` is the arrivals an hour times the hours that each takes an agent. `target` is the longest wait, in
    handling times; `share` is below 1. Raises `ValueError` above `MAX_LOAD`.
    """
    if not 0 <= load <= MAX_LOAD:
        raise ValueError(f"a load of {load} cannot be computed with")
    if load == 0:
        return 0
    agents = math.floor(load) + 1
    blocked = _blocked(agents, load)
    while 1 - _waiting(agents, load, blocked) * math.exp(-(agents - load) * target) < share:
        agents += 1
        blocked = load * blocked / (agents + load * blocked)
    return agents


def _blocked(agents: int, load: float) -> float:
    """Return the share that finds all agents busy where nobody waits (Erlang B).

    The recursion has no factorial, so no load overflows.
    """
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def _waiting(agents: int, load: float, blocked: float) -> float:
    """Return the share of customers who have to wait (Erlang C), of more agents than `load`."""
    return agents * blocked / (agents - load * (1 - blocked))
