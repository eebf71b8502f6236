"""Rate limit views and submissions of a page with a form."""

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from domain.handoffs.email_addresses import has_tag, mailbox_of

#: To one mailbox, whoever asks for them.
MAILS_AN_HOUR = 6
#: Of these, to addresses with a tag: strangers can make up any number of them, and not use up the rest.
TAGGED_MAILS_AN_HOUR = 3
_VIEWS: RateLimitItem = RateLimitItemPerMinute(60)
_SUBMITS: RateLimitItem = RateLimitItemPerMinute(20)
_SUBMITS_PER_LINK: RateLimitItem = RateLimitItemPerHour(30)
_MAILS: RateLimitItem = RateLimitItemPerHour(MAILS_AN_HOUR)
_TAGGED_MAILS: RateLimitItem = RateLimitItemPerHour(TAGGED_MAILS_AN_HOUR)


class PageLimiter:
    """Moving-window limits per visitor and per link, counted in memory, so per copy of the bot."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def may_view(self, visitor: str) -> bool:
        """Count a view; return whether this visitor may see the page now."""
        return self._limiter.hit(_VIEWS, "look", visitor)

    def may_submit(self, visitor: str, link: str) -> bool:
        """Count a submission; return whether this visitor may submit this link's form now."""
        return self._limiter.hit(_SUBMITS, "send", visitor) and self._limiter.hit(
            _SUBMITS_PER_LINK, "link", link
        )

    def may_mail(self, address: str) -> bool:
        """Count a mail that a visitor has us send; return whether its mailbox may get one now.

        Who uses up what is left for the plain address has had links for that address sent, which all work.
        Spellings that a provider delivers to one mailbox share its mails (`mailbox_of`).
        """
        mailbox = mailbox_of(address)
        if has_tag(address) and not self._limiter.hit(_TAGGED_MAILS, "tagged", mailbox):
            return False
        return self._limiter.hit(_MAILS, "mail", mailbox)
