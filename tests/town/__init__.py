"""A second network, registered by tests through the production registry."""

from tests.town.client import TOWN
from tests.town.server import Town, a_town

__all__ = ["TOWN", "Town", "a_town"]
