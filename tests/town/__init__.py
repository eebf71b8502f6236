"""A second network that the tests register: proof that a network is an entry of the registry and nothing else."""

from tests.town.client import TOWN
from tests.town.server import Town, a_town

__all__ = ["TOWN", "Town", "a_town"]
