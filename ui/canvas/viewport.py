"""Where the picture lies in the widget: one scale and one offset. Pure values, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

MIN_SCALE, MAX_SCALE = 0.02, 64.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """Screen = picture × ``scale`` + (``dx``, ``dy``), all in device-independent pixels."""

    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        return x * self.scale + self.dx, y * self.scale + self.dy

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.dx) / self.scale, (y - self.dy) / self.scale

    def panned(self, dx: float, dy: float) -> Viewport:
        return Viewport(self.scale, self.dx + dx, self.dy + dy)

    def zoomed(self, factor: float, x: float, y: float) -> Viewport:
        """Zoomed by ``factor`` so that the picture stays put under the screen point (x, y)."""
        scale = min(max(self.scale * factor, MIN_SCALE), MAX_SCALE)
        px, py = self.to_picture(x, y)
        return Viewport(scale, x - px * scale, y - py * scale)


def fitted(
    area: tuple[float, float, float, float],
    view: tuple[float, float],
    *,
    margin: float = 32.0,
    largest: float = MAX_SCALE,
) -> Viewport:
    """The viewport that shows ``area`` (edges in picture pixels) whole, centred in a ``view`` of this size."""
    x0, y0, x1, y1 = area
    room_x, room_y = max(view[0] - 2 * margin, 16.0), max(view[1] - 2 * margin, 16.0)
    scale = min(room_x / max(x1 - x0, 1e-6), room_y / max(y1 - y0, 1e-6), largest)
    scale = min(max(scale, MIN_SCALE), MAX_SCALE)
    return Viewport(scale, view[0] / 2 - (x0 + x1) / 2 * scale, view[1] / 2 - (y0 + y1) / 2 * scale)
