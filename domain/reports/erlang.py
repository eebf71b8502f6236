"""Compute how many agents a target needs: the Erlang C formula of a queue with exponential handling times.

Nobody leaves the queue in it, so it errs towards more agents where some customers do.
"""

import math

MAX_LOAD = 100_000.0


def waiting_share(agents: int, load: float) -> float:
    """Return the share of customers who have to wait (Erlang C).

    `load` is the arrivals an hour times the hours that each takes an agent. 1 where the agents are too few to
    keep up. The recursion of Erlang B has no factorial, so no load overflows.
    """
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    return _waiting(agents, load, _blocked(agents, load))


def agents_needed(load: float, *, target: float, share: float) -> int:
    """Return the smallest number of agents by whom this share is answered within the target.

    `target` is the longest wait, in handling times; `share` is below 1. Raises `ValueError` above `MAX_LOAD`.
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
    """Return the share that finds all agents busy where nobody waits (Erlang B)."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def _waiting(agents: int, load: float, blocked: float) -> float:
    return agents * blocked / (agents - load * (1 - blocked))
