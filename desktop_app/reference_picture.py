"""The picture behind the boxes: chosen, dropped or pasted; and what else can be dropped on the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QSize, Signal
from PySide6.QtGui import QGuiApplication, QImage

from desktop_app.background import Background
from engine.errors import BoxpaintError
from ui.canvas.canvas import Canvas
from ui.picture_file import PictureFile

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
LARGE = 2**23
"""Pixels from which on a picture is read in a thread: eight million take a fraction of a second."""
_GIVEN = ("image/png", "image/jpeg", "image/webp", "image/bmp", "image/gif", "image/tiff", "application/x-qt-image")
"""Forms in which another program gives a picture, those that are read before what may be none. Asked for the last, Qt
gives the bytes of any form: of what it would decode itself, here and now, such as a drawing that takes minutes."""
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
        self._coming = Background(self)

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
        self._coming.forget()
        self._image, self._file = image, file
        self._show()
        if image is not None:
            self.taken.emit()

    def load(self, path: Path, *, belongs: bool = False) -> bool:
        """Show the picture in this file, a large one when it has been read.

        Args:
            path: The file.
            belongs: It came with the layout, and nobody has to be told.

        Returns:
            Whether it is shown, or will be.
        """
        return self._read(PictureFile(path), path, belongs=belongs)

    def clear(self) -> None:
        """Show no picture."""
        self.set_image(None)

    def take_clipboard(self) -> bool:
        """Show the picture on the clipboard, or say why it is not shown; False when there is none."""
        return self._take(QGuiApplication.clipboard().mimeData())

    # -- dropping

    @staticmethod
    def can_drop(data: QMimeData) -> bool:
        """Whether something dropped is of use."""
        return data.hasImage() or any(url.isLocalFile() for url in data.urls())

    def drop(self, data: QMimeData) -> bool:
        """Open a layout, bring the layout of a Boxpaint picture back, or show a picture behind the boxes."""
        names = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        files = [Path(name) for name in names if "\0" not in name]  # no file is called so
        if not files:
            return self._take(data)
        path = files[0]
        if path.suffix.lower() not in PICTURES:
            return self._open_layout(path)
        from engine.formats.boxpaint_png import carries_layout

        return self._open_layout(path) if carries_layout(path) else self.load(path)

    def _take(self, data: QMimeData) -> bool:
        """Show the picture that another program gives, or say why not; False when it gives none."""
        for kind in _GIVEN:
            if data.hasFormat(kind) and (content := bytes(data.data(kind).data())):
                self._read(PictureFile(content))
                return True
        # Without bytes of its own it is a picture already: this program's, or the system's.
        image = data.imageData() if data.hasImage() else None
        if not isinstance(image, QImage) or image.isNull():
            return False
        self.set_image(image)
        return True

    def _read(self, picture: PictureFile, path: Path | None = None, *, belongs: bool = False) -> bool:
        def arrived(image: QImage) -> bool:
            if image.isNull():
                return refuse()
            if belongs:
                self._image, self._file = image, path
                self._show()
            else:
                self.set_image(image, path)
            return True

        def refuse(_error: object = None) -> bool:
            name = path or self.tr("Clipboard")
            self.failed.emit(self.tr("{}: the picture cannot be read ({}).").format(name, picture.problem))
            return False

        if picture.problem:
            return refuse()
        self._coming.forget()
        if picture.size.width() * picture.size.height() <= LARGE:
            return arrived(picture.read())
        self._image, self._file = None, path
        self._show()
        self._coming.run(picture.read, arrived, refuse)
        return True

    async def close(self) -> None:
        """Wait until no picture is read any more."""
        await self._coming.close()

    def _show(self) -> None:
        self._canvas.set_reference(self._image, self._opacity / 100)
        self.changed.emit()
