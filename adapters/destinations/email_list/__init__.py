"""Mail notices to the subscribers of the e-mail list."""

from adapters.destinations.email_list.client import EmailList
from adapters.destinations.entry import DestinationContext, DestinationEntry, DestinationSettings
from domain.outages.destinations import DestinationProfile, Languages
from domain.outages.subscribers import EMAIL_LIST as NAME

__all__ = ["EMAIL_LIST", "EmailList"]

PROFILE = DestinationProfile(name=NAME, label="E-mail list", languages=Languages.CHOSEN, is_idempotent=True)


def _build(_settings: DestinationSettings, context: DestinationContext) -> EmailList | None:
    if context.count_subscribers is None:
        return None
    return EmailList(context.count_subscribers, mails_per_second=context.policy.mails_per_second)


EMAIL_LIST = DestinationEntry(profile=PROFILE, settings=DestinationSettings, build=_build)
