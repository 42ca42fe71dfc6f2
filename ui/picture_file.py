"""Reading picture files that may come from anybody: of known kinds only, and no larger than a window can bear."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from engine.picture_files import MAX_PIXELS, MAX_SCANS, count_scans

# Qt finds out by the content which reader is meant, whatever the name says; one of them carries out drawing programs.
_SIGNS = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)


def picture_kind(head: bytes) -> str:
    """The kind of a picture by its first twelve bytes; empty for one that is not read."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return next((kind for sign, kind in _SIGNS if head.startswith(sign)), "")


class PictureFile:
    """A picture's file or bytes, of which the kind and the size are known, and not yet the pixels.

    Attributes:
        size: Width and height in pixels, as they are stored; not valid where there is a problem.
        problem: Why it cannot be read, in words that go on from its name; empty when it seems to be possible.
    """

    def __init__(self, source: Path | bytes) -> None:
        self._source = source
        self.size = QSize()
        self.problem = ""
        try:
            self._kind = self._look()
        except OSError as error:
            self._kind, self.problem = "", error.strerror or str(error)
        if not self.problem:
            self.size = self._reader().size()
            if self.size.width() * self.size.height() > MAX_PIXELS:
                said = QCoreApplication.translate("PictureFile", "it has more than {} million pixels")
                self.problem = said.format(MAX_PIXELS // 2**20)

    def read(self, side: int = 0) -> QImage:
        """The picture the way its camera was held, scaled down to fit a square of ``side`` pixels unless that is 0.

        May be called in a thread. What cannot be read comes back as a null image, and ``problem`` says why.
        """
        if self.problem:
            return QImage()
        reader = self._reader()
        if side and self.size.isValid() and max(self.size.toTuple()) > side:
            reader.setScaledSize(self.size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull():
            self.problem = reader.errorString()
        return image

    def _look(self) -> str:
        """The kind; or the problem is told."""
        if isinstance(self._source, Path) and self._source.exists() and not self._source.is_file():
            self.problem = QCoreApplication.translate("PictureFile", "it is no file")
            return ""
        if isinstance(self._source, Path):
            with self._source.open("rb") as file:
                head = file.read(12)
        else:
            head = self._source[:12]
        kind = picture_kind(head)
        if not kind:
            self.problem = QCoreApplication.translate("PictureFile", "it is no picture of a known kind")
        elif kind == "jpeg" and count_scans(self._source) > MAX_SCANS:
            self.problem = QCoreApplication.translate("PictureFile", "it is a JPEG of too many passes")
        return kind

    def _reader(self) -> QImageReader:
        if isinstance(self._source, Path):
            reader = QImageReader(str(self._source))
        else:
            self._buffer = QBuffer()
            self._buffer.setData(self._source)
            self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            reader = QImageReader(self._buffer)
        reader.setAutoDetectImageFormat(False)
        reader.setFormat(self._kind.encode())
        reader.setAutoTransform(True)
        return reader
