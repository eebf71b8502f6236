"""Serve the demo page: static files under a strict Content-Security-Policy."""

from pathlib import Path

from aiohttp import web

HERE = Path(__file__).parent
TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}

# No inline script or style, no foreign host except in the phone's frame, and no string may become markup:
# Trusted Types are required and no policy is allowed.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "http://127.0.0.1:*",  # the brand's own chat pages, in the customer's phone
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def add_routes(app: web.Application) -> None:
    """Serve the page at `/`, its files at `/page/*`, and redirects from `/archives/C…/p…` (permalinks)."""
    app.router.add_get("/", _index)
    app.router.add_get("/page/{kind:js|css|svg}/{name:[a-z]+\\.(?:js|css|svg)}", _file)
    app.router.add_get("/archives/{channel:[A-Z0-9]+}/p{point:\\d{7,}}", _permalink)


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(
        HERE / "index.html", headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"}
    )


async def _file(request: web.Request) -> web.StreamResponse:
    kind, name = request.match_info["kind"], request.match_info["name"]
    if not name.endswith(f".{kind}") or not (HERE / kind / name).is_file():
        raise web.HTTPNotFound
    content_type = f"{TYPES[kind]}; charset=utf-8"
    return web.FileResponse(HERE / kind / name, headers={**HEADERS, "Content-Type": content_type})


async def _permalink(request: web.Request) -> web.StreamResponse:
    """Redirect a permalink; Slack writes the ts `1712345678.000100` as `p1712345678000100`."""
    channel, point = request.match_info["channel"], request.match_info["point"]
    thread = request.query.get("thread_ts", f"{point[:-6]}.{point[-6:]}")
    raise web.HTTPFound(f"/#/{channel}/{thread}")
