"""Denoising previews of a run, kept in memory up to a limit in bytes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtGui import QImage

from engine.layout import PixelBox

LIMIT = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Preview:
    """A rough picture of the part ``window`` of the picture: ``height`` rows of ``width`` RGB pixels."""

    step: int
    iteration: int
    window: PixelBox
    width: int
    height: int
    rgb: bytes

    def image(self) -> QImage:
        """The picture as Qt wants it."""
        # copy(): QImage only borrows the bytes.
        return QImage(self.rgb, self.width, self.height, 3 * self.width, QImage.Format.Format_RGB888).copy()


class PreviewStore:
    """The previews of one run; the oldest go first when there are too many bytes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[tuple[int, int], Preview] = OrderedDict()
        self._by_step: dict[int, list[int]] = {}

    def clear(self) -> None:
        self._kept.clear()
        self._by_step.clear()
        self._bytes = 0

    def add(self, preview: Preview) -> None:
        """Keep a preview; one of the same iteration is replaced."""
        key = (preview.step, preview.iteration)
        former = self._kept.pop(key, None)
        if former is None:
            self._by_step.setdefault(preview.step, []).append(preview.iteration)
        else:
            self._bytes -= len(former.rgb)
        self._kept[key] = preview
        self._bytes += len(preview.rgb)
        while self._bytes > self._limit and len(self._kept) > 1:
            (step, iteration), oldest = self._kept.popitem(last=False)
            self._by_step[step].remove(iteration)
            self._bytes -= len(oldest.rgb)

    def forget(self, step: int) -> None:
        """Drop the previews of a step."""
        for iteration in self._by_step.pop(step, ()):
            self._bytes -= len(self._kept.pop((step, iteration)).rgb)

    def get(self, step: int, iteration: int) -> Preview | None:
        return self._kept.get((step, iteration))

    def iterations(self, step: int) -> list[int]:
        """The iterations of a step that have a preview, in order."""
        return sorted(self._by_step.get(step, ()))
