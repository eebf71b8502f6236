"""Compare a vector with many at once."""

from collections.abc import Sequence

from domain.triage.encoder import Vector


class MatrixIndex:
    """Implements `domain.triage.encoder.VectorIndex`: holds the vectors as one matrix."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        import numpy as np

        rows = np.frombuffer(b"".join(vector.tobytes() for vector in vectors), dtype=np.float32)
        self._matrix = rows.reshape(len(vectors), -1)

    def cosines(self, vector: Vector) -> list[float]:
        """Return the cosine with each of the vectors, in their order."""
        import numpy as np

        return [float(cosine) for cosine in self._matrix @ np.array(vector, dtype=np.float32)]
