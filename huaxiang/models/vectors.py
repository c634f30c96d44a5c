"""What encoders give: rows of float32, one a text; and whom they tell how far they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

DIM = 384

Vectors = npt.NDArray[np.float32]
Count = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""
