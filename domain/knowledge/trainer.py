"""Define the protocol of what trains heads further, on the examples of the desk."""

from collections.abc import Sequence
from typing import Protocol

from domain.knowledge.labelled_posts import TrainingExample
from domain.triage.heads import Heads


class HeadsTrainer(Protocol):
    """Train the heads that come with the program further."""

    @property
    def base(self) -> Heads:
        """The heads that every training starts from."""
        ...

    @property
    def base_id(self) -> str:
        """Identify `base`: heads that were trained from others do not fit."""
        ...

    def train(
        self,
        examples: Sequence[TrainingExample],
        reference: Sequence[TrainingExample],
        *,
        strength: float = 1.0,
    ) -> str:
        """Train `base` on the examples; return the trained heads as text.

        `strength` is what an example weighs against what it weighs at most.
        As many of the `reference` posts that are not high come out high as before: the desk's examples have
        another share of high posts than those that `base` learnt from, which must not move its threshold.
        """
        ...

    def load(self, text: str) -> Heads:
        """Load trained heads. Raises `UnusableFile`."""
        ...
