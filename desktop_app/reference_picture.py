"""The picture behind the boxes: chosen, dropped or pasted; and what else can be dropped on the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QSize, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageReader

from engine.errors import BoxpaintError
from ui.canvas.canvas import Canvas

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
OPACITIES = (25, 50, 75, 100)


class ReferencePicture(QObject):
    """Shows a picture behind the boxes, to draw after."""

    changed = Signal()
    taken = Signal()
    """The user put another picture there."""
    failed = Signal(str)

    def __init__(self, canvas: Canvas, open_layout: Callable[[Path], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._open_layout = open_layout
        self._image: QImage | None = None
        self._file: Path | None = None
        self._opacity = 100

    @property
    def shown(self) -> bool:
        """Whether there is a picture."""
        return self._image is not None

    @property
    def file(self) -> Path | None:
        """Where the picture was read from; None when it came from the clipboard or another program."""
        return self._file

    @property
    def size(self) -> QSize:
        """The picture's own size in pixels; not valid when there is none."""
        return self._image.size() if self._image is not None else QSize()

    def save(self, path: Path) -> None:
        """Write a copy of the picture, in the format that the file's ending names."""
        if self._image is None or not self._image.save(str(path)):
            raise BoxpaintError("the picture cannot be written.", "output", file=str(path))

    @property
    def opacity(self) -> int:
        """In percent."""
        return self._opacity

    def set_opacity(self, percent: int) -> None:
        """Show the picture as strongly as this."""
        self._opacity = percent
        self._show()

    def set_image(self, image: QImage | None, file: Path | None = None) -> None:
        """Show this picture, stretched to the layout; None for none. ``file`` is where it comes from."""
        self._image, self._file = image, file
        self._show()
        if image is not None:
            self.taken.emit()

    def load(self, path: Path, *, belongs: bool = False) -> bool:
        """Show the picture in this file; ``belongs``: it came with the layout, and nobody has to be told."""
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        image = reader.read()
        if image.isNull():
            self.failed.emit(self.tr("{}: the picture cannot be read ({}).").format(path, reader.errorString()))
            return False
        if belongs:
            self._image, self._file = image, path
            self._show()
        else:
            self.set_image(image, path)
        return True

    def clear(self) -> None:
        """Show no picture."""
        self.set_image(None)

    def take_clipboard(self) -> bool:
        """Show the picture on the clipboard; False when there is none."""
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            return False
        self.set_image(image)
        return True

    # -- dropping

    @staticmethod
    def can_drop(data: QMimeData) -> bool:
        """Whether something dropped is of use."""
        return data.hasImage() or any(url.isLocalFile() for url in data.urls())

    def drop(self, data: QMimeData) -> bool:
        """Open a layout, bring the layout of a Boxpaint picture back, or show a picture behind the boxes."""
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if not files:
            image = data.imageData()
            if not isinstance(image, QImage) or image.isNull():
                return False
            self.set_image(image)
            return True
        path = files[0]
        if path.suffix.lower() not in PICTURES:
            return self._open_layout(path)
        return self._open_layout(path) if holds_layout(path) else self.load(path)

    def _show(self) -> None:
        self._canvas.set_reference(self._image, self._opacity / 100)
        self.changed.emit()


def holds_layout(picture: Path) -> bool:
    """Whether a picture was painted by Boxpaint and carries its layout."""
    from engine.formats.registry import read

    try:
        read(picture, format="boxpaint-png")
    except BoxpaintError:
        return False
    return True
