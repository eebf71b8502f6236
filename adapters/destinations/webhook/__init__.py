"""Send notices to an HTTP address as signed JSON. The format is described in docs/webhook.md."""

from adapters.destinations.entry import DestinationContext, DestinationEntry
from adapters.destinations.webhook.client import PROFILE, Webhook
from adapters.destinations.webhook.settings import WebhookSettings

__all__ = ["WEBHOOK", "Webhook"]


def _build(settings: WebhookSettings, context: DestinationContext) -> Webhook:
    return Webhook(
        url=settings.notice_webhook_url.get_secret_value(),
        secret=settings.notice_webhook_secret.get_secret_value(),
        clock=context.clock,
        feed_url=context.feed_url,
    )


WEBHOOK = DestinationEntry(profile=PROFILE, settings=WebhookSettings, build=_build)
