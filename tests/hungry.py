"""A layer whose memory runs out when it is told to: the failure is the real allocator's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


class Hungry(torch.nn.Module):
    """Does what ``inner`` does, but asks for more memory than any machine has whenever ``hungry`` says so."""

    def __init__(self, inner: torch.nn.Module, hungry: Callable[[], bool]) -> None:
        super().__init__()
        self.inner = inner
        self._hungry = hungry

    def forward(self, *values: Any, **named: Any) -> Any:
        if self._hungry():
            torch.empty(2**60, dtype=torch.uint8)
        return self.inner(*values, **named)
