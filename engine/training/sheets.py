"""Picture sheets: what was wanted above what came out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

_GAP = 4


def pair_sheet(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> Image.Image:
    """Pairs of uint8 pictures (S, S, 3) side by side, the first of each pair above the second, on white."""
    width = sum(pair[0].shape[1] + _GAP for pair in pairs)
    height = max(pair[0].shape[0] for pair in pairs)
    sheet = Image.new("RGB", (width, 2 * height + _GAP), "white")
    left = 0
    for wanted, painted in pairs:
        sheet.paste(Image.fromarray(wanted), (left, 0))
        sheet.paste(Image.fromarray(painted), (left, height + _GAP))
        left += wanted.shape[1] + _GAP
    return sheet
