"""Remember the vectors of the latest texts."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from domain.triage.encoder import Encoder, Vector

SIZE = 1_000  # texts; 2 MB


class CachedEncoder:
    """Implements `domain.triage.encoder.Encoder` on another encoder, whose vectors it remembers.

    A post that is encoded ahead, outside of a transaction, costs nothing within it.
    """

    def __init__(self, encoder: Encoder, size: int = SIZE) -> None:
        self._encoder = encoder
        self._size = size
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the other encoder."""
        return self._encoder.name

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector for each text; encode only those that are not remembered."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(missing, self._encoder.encode(missing), strict=True))
        with self._lock:
            for text in texts:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return [known[text] for text in texts]
