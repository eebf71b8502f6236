"""HTTP API that controls the sandbox from another process: ledger, faults, replay, flood, limits."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, get_args

from aiohttp import web

from sandbox.faults import Fault, Faults, Mode
from sandbox.flood import flood
from sandbox.ledger import Ledger
from sandbox.model import Model
from sandbox.model.behaviour import MANNERS
from sandbox.replay import Replay
from sandbox.x import XNetwork

FAULT_FIELDS = tuple(f.name for f in dataclasses.fields(Fault))
FLOOD = {"count": 100, "authors": 50, "seed": 1}
FLOOD_AT_MOST = 100_000

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Control:
    """Handlers of the control API, one method per call."""

    ledger: Ledger
    faults: Faults
    network: XNetwork
    model: Model
    replay: Replay

    async def read_ledger(self, request: web.Request) -> web.Response:
        """GET /control/ledger?system=&call=&after=N: the entries numbered above N."""
        after = request.query.get("after", "0")
        if not (after.isascii() and after.isdigit()):
            return _error("after must be the number of an entry")
        system, call = request.query.get("system"), request.query.get("call")
        found = [
            dataclasses.asdict(e)
            for e in self.ledger.entries[int(after) :]
            if system in (None, e.system) and call in (None, e.call)
        ]
        return web.json_response({"entries": found, "last": len(self.ledger.entries)})

    async def add_fault(self, body: Body) -> web.Response:
        """POST /control/faults: the fields of a Fault."""
        self.faults.add(_fault(body))
        return web.json_response({"ok": True})

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """DELETE /control/faults."""
        self.faults.clear()
        return web.json_response({"ok": True})

    async def behave(self, body: Body) -> web.Response:
        """POST /control/model {manner, times, seconds}; a manner of null clears all misbehaviour."""
        manner = body.get("manner")
        if manner is None:
            self.model.reset_behaviour()
        elif manner in MANNERS:
            self.model.behave(manner, times=int(body.get("times", 1)), seconds=float(body.get("seconds", 30)))
        else:
            raise ValueError(f"manner is one of {', '.join(MANNERS)}, or null for good manners")
        return web.json_response({"ok": True})

    async def read_replay(self, _request: web.Request) -> web.Response:
        """GET /control/replay."""
        return web.json_response(self.replay.status())

    async def steer_replay(self, body: Body) -> web.Response:
        """POST /control/replay {set, speed, paused}.

        With a set the replay starts from its beginning; without one the current replay is adjusted.
        """
        speed = None if body.get("speed") is None else float(body["speed"])
        paused = None if body.get("paused") is None else bool(body["paused"])
        if body.get("set") is None:
            self.replay.adjust(speed=speed, paused=paused)
        else:
            await self._start_replay(str(body["set"]), speed or 1.0, paused or False)
        return web.json_response(self.replay.status())

    async def flood(self, body: Body) -> web.Response:
        """POST /control/flood {count, authors, seed}: publish `count` mentions at once; answers their ids."""
        count, authors, seed = (int(body.get(name, usual)) for name, usual in FLOOD.items())
        if not 0 < count <= FLOOD_AT_MOST or authors < 1:
            raise ValueError(f"count is 1 to {FLOOD_AT_MOST}, authors at least 1")
        return web.json_response({"ids": [post.id for post in flood(self.network, count, authors, seed)]})

    async def read_x(self, _request: web.Request) -> web.Response:
        """GET /control/x: the charges so far, and the limits."""
        return web.json_response(_x_state(self.network))

    async def steer_x(self, body: Body) -> web.Response:
        """POST /control/x {credit, cap, limits: {call: n}, self_serve}."""
        _steer_x(self.network, body)
        return web.json_response(_x_state(self.network))

    async def _start_replay(self, name: str, speed: float, paused: bool) -> None:
        try:
            await self.replay.start(name, speed=speed, paused=paused)
        except OSError:
            raise ValueError(f"there is no set of mentions named {name[:40]}") from None


def add_routes(app: web.Application, control: Control) -> None:
    """Mount /control/…. Invalid input is answered 400 with `{"error": …}`."""
    app.router.add_get("/control/ledger", control.read_ledger)
    app.router.add_post("/control/faults", _json(control.add_fault))
    app.router.add_delete("/control/faults", control.clear_faults)
    app.router.add_post("/control/model", _json(control.behave))
    app.router.add_get("/control/replay", control.read_replay)
    app.router.add_post("/control/replay", _json(control.steer_replay))
    app.router.add_post("/control/flood", _json(control.flood))
    app.router.add_get("/control/x", control.read_x)
    app.router.add_post("/control/x", _json(control.steer_x))


def _json(act: Callable[[Body], Awaitable[web.Response]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read())
            if not isinstance(body, dict):
                return _error("send a JSON object")
            return await act(body)
        except (ValueError, TypeError, RecursionError) as error:
            return _error(str(error))

    return handle


def _fault(body: Body) -> Fault:
    """Parse a fault from JSON. Raises ValueError for an unknown field or mode."""
    for name in body:
        if name not in FAULT_FIELDS:
            raise ValueError(f"a fault has no {name}; it has {', '.join(FAULT_FIELDS)}")
    if not isinstance(body.get("call"), str) or body.get("mode") not in get_args(Mode):
        raise ValueError(f"a fault needs a call and a mode, one of {', '.join(get_args(Mode))}")
    body = {"body": "", **body}
    if not isinstance(body["body"], str):
        body["body"] = json.dumps(body["body"])
    for name, kind in (
        ("times", int),
        ("seconds", float),
        ("status", int),
        ("headers", dict),
        ("content_type", str),
    ):
        if name in body:
            body[name] = kind(body[name])
    body["headers"] = {str(name): str(value) for name, value in body.get("headers", {}).items()}
    if not 100 <= body.get("status", 503) <= 599:  # noqa: PLR2004 - HTTP status codes
        raise ValueError("status is a number from 100 to 599")
    return Fault(**body)


def _steer_x(network: XNetwork, body: Body) -> None:
    """Set the remaining credit, the usage cap, a rate limit, or the self-serve rule on replies."""
    for name in ("credit", "cap"):
        if name in body:
            value = body[name]
            setattr(network.meter, name, None if value is None else float(value))
    if "self_serve" in body:
        network.self_serve = bool(body["self_serve"])
    for call, limit in dict(body.get("limits", {})).items():
        if call not in network.limits.limit:
            raise ValueError(f"X has no call {call}; it has {', '.join(network.limits.limit)}")
        network.limits.limit[call] = int(limit)


def _x_state(network: XNetwork) -> Body:
    meter = network.meter
    return {
        "credit": meter.credit,
        "cap": meter.cap,
        "spent": round(meter.spent, 4),
        "posts_read": meter.posts_read,
        "charges": meter.counts,
        "limits": network.limits.limit,
        "self_serve": network.self_serve,
    }


def _error(text: str) -> web.Response:
    return web.json_response({"error": text}, status=400)
