"""Connect to X (API v2): read mentions, searches and direct messages; reply; find a reply again."""

from adapters.networks.entry import NetworkEntry
from adapters.networks.x.client import Keys
from adapters.networks.x.direct_messages import XDirectMessages
from adapters.networks.x.errors import keys_fault
from adapters.networks.x.network import X
from adapters.networks.x.profile import PROFILE
from adapters.networks.x.query import build_query
from adapters.networks.x.settings import XSettings
from domain.clock import Clock

__all__ = ["X_NETWORK", "Keys", "X", "XDirectMessages"]


def _build(settings: XSettings, clock: Clock) -> X:
    keys = Keys(
        consumer_key=settings.x_consumer_key.get_secret_value(),
        consumer_secret=settings.x_consumer_secret.get_secret_value(),
        access_token=settings.x_access_token.get_secret_value(),
        access_token_secret=settings.x_access_token_secret.get_secret_value(),
    )
    return X(base_url=settings.x_api_url, keys=keys, clock=clock)


X_NETWORK = NetworkEntry(
    profile=PROFILE,
    settings=XSettings,
    build=_build,
    build_query=build_query,
    credentials_fault=keys_fault,
    loggers=("oauthlib", "requests_oauthlib", "tweepy"),
)
