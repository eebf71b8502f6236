"""Run the long tests first, dealt to the workers in turn, so that none starts last and delays the end.

Long tests mostly wait, so one worker in four gets none of them and uses the processor meanwhile.
"""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests marked `long` at the beginning of each worker's share, the longest first.

    With `--dist worksteal`, xdist gives every worker an equal part of the list, in its order.
    """
    workers: int = getattr(config, "workerinput", {}).get("workercount", 0)
    long = sorted((item for item in items if _seconds(item)), key=_seconds, reverse=True)
    short = [item for item in items if not _seconds(item)]
    dealt: list[pytest.Item] = []
    waiting = workers - workers // 4
    for worker in range(workers):
        share = (len(items) - len(dealt)) // (workers - worker)
        own = long[worker::waiting] if worker < waiting else []
        dealt += own + short[: max(share - len(own), 0)]
        del short[: max(share - len(own), 0)]
    if workers:
        items[:] = dealt + short


def _seconds(item: pytest.Item) -> float:
    """Return the seconds that the test takes on an idle machine; 0 where it is not marked."""
    mark = item.get_closest_marker("long")
    return mark.args[0] if mark else 0
