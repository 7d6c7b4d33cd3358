"""The kinds of values that everything here speaks of."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Id: TypeAlias = str | int
Index: TypeAlias = NDArray[np.int32]
IntArray: TypeAlias = NDArray[np.int64]
