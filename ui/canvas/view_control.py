"""Zooming and panning: owns the viewport and tells when it changes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.canvas.geometry import Edges
from ui.canvas.viewport import Viewport, fitted

SETTLES = 120
"""Milliseconds after the last zoom or pan when a view of many boxes is painted anew."""

MARGIN = 32
"""Screen pixels left free round a picture that is fitted."""


class ViewControl(QObject):
    """Where the picture lies in a widget; canvas, rulers and minimap share it.

    Args:
        widget: The widget that shows the picture.
        picture_size: Gives the picture's width and height in pixels.
    """

    changed = Signal()
    scaled = Signal(float)
    """Screen pixels per picture pixel, when they are others than before."""
    settled = Signal()
    """No zoom or pan is going on any more."""

    def __init__(self, widget: QWidget, picture_size: Callable[[], tuple[int, int]]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._picture_size = picture_size
        self._view = Viewport()
        self._follows_size = True
        self._timer = QTimer(self, singleShot=True, interval=SETTLES)
        self._timer.timeout.connect(self.settled)

    @property
    def view(self) -> Viewport:
        """Where the picture lies at present."""
        return self._view

    @property
    def at_rest(self) -> bool:
        """Whether no zoom or pan is going on."""
        return not self._timer.isActive()

    @property
    def visible(self) -> Edges:
        """The part of the plane that the widget shows, in picture pixels; it may reach beyond the picture."""
        start = self._view.to_picture(0, 0)
        return Edges(*start, *self._view.to_picture(self._widget.width(), self._widget.height()))

    def point(self, position: QPointF) -> tuple[float, float]:
        """The picture point at a place of the widget."""
        return self._view.to_picture(position.x(), position.y())

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out at a point of the widget, by default its centre."""
        place = at if at is not None else QPointF(self._widget.width() / 2, self._widget.height() / 2)
        self._set(self._view.zoomed(factor, place.x(), place.y()))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by so many screen pixels."""
        self._set(self._view.panned(dx, dy))

    def centre_on(self, x: float, y: float) -> None:
        """Bring this picture point to the widget's middle."""
        sx, sy = self._view.to_screen(x, y)
        self.pan(self._widget.width() / 2 - sx, self._widget.height() / 2 - sy)

    def reveal(self, area: Edges) -> None:
        """Bring a part of the picture to the middle if nothing of it is seen."""
        seen = self.visible
        if area.x1 <= seen.x0 or area.x0 >= seen.x1 or area.y1 <= seen.y0 or area.y0 >= seen.y1:
            self.centre_on(*area.centre)

    def fit(self) -> None:
        """Show the whole picture, also after the widget changes its size."""
        width, height = self._picture_size()
        self._set(fitted((0, 0, width, height), self._room(), margin=MARGIN), follow=True)

    def show_area(self, area: Edges) -> None:
        """Show this part of the picture as large as possible."""
        self._set(fitted(area, self._room(), margin=80))

    def size_changed(self) -> None:
        """The widget or the picture has another size: a picture that was fitted is fitted again."""
        if self._follows_size:
            self.fit()
        else:
            self.changed.emit()

    def _room(self) -> tuple[int, int]:
        return self._widget.width(), self._widget.height()

    def _set(self, view: Viewport, *, follow: bool = False) -> None:
        self._follows_size = follow
        if view == self._view:
            return
        scaled = view.scale != self._view.scale
        self._view = view
        self._timer.start()
        self.changed.emit()
        if scaled:
            self.scaled.emit(view.scale)
