"""Show the newest notice of an open outage at the top of the chat page."""

from datetime import UTC, datetime, timedelta

from adapters.prompts.templates import direction_of
from domain.outages.published import PublishedNotice
from handlers.context import AppContext
from handlers.outages.published import current_banner

#: How long a notice is shown without asking the database again: each open chat asks every few seconds.
FRESH_FOR = timedelta(seconds=3)


class Banner:
    """The notice that all open pages show, each in its own language."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._notice: PublishedNotice | None = None
        self._read_at = datetime.min.replace(tzinfo=UTC)

    async def in_language(self, language: str) -> dict[str, str] | None:
        """Return the banner's text with its language and direction; `None` where no outage goes on."""
        now = self._ctx.clock.now()
        if not timedelta(0) <= now - self._read_at < FRESH_FOR:
            self._read_at = now
            self._notice = await self._ctx.desk.run_at_once(current_banner)
        if self._notice is None:
            return None
        found, text = self._notice.text_in(language)
        return {"language": found, "direction": direction_of(found), "text": text}
