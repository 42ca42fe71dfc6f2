"""A handle by which the shown frame is dragged into another program, or by a click copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QIcon, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from ui.timeline.composer import FrameComposer
from ui.timeline.model import FrameKind, RunModel

_SIDE = 96


class FrameHandle(QToolButton):
    """Drag it: the frame goes along as a file and as a picture."""

    copy_wanted = Signal()

    def __init__(self, run: RunModel, icons: Callable[[str], QIcon], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frameHandle")
        self._run = run
        self.composer: FrameComposer | None = None
        """Makes the frames; given by the window."""
        self._pressed: QPoint | None = None
        self.setIcon(icons("export"))
        self.setToolTip(self.tr("Drag the shown frame into another program; click to copy it"))
        self.setAccessibleName(self.tr("Copy or drag the shown frame"))
        self.setAutoRaise(True)
        self.clicked.connect(self.copy_wanted)
        run.position_changed.connect(self._enable)
        run.reset.connect(self._enable)
        self._enable()

    def _enable(self) -> None:
        self.setEnabled(self._run.position is not None)

    def content(self) -> QMimeData | None:
        """The shown frame as a drag carries it; None when there is none."""
        position = self._run.position
        if position is None or self.composer is None:
            return None
        image = self.composer.picture(position).image
        if image is None:
            return None
        data = QMimeData()
        data.setImageData(image)
        path = self._run.frame_path(position)
        if path is not None and position.kind is not FrameKind.PREVIEW:
            data.setUrls([QUrl.fromLocalFile(path)])
        return data

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if self._pressed is None or (event.position().toPoint() - self._pressed).manhattanLength() < far:
            super().mouseMoveEvent(event)
            return
        self._pressed = None
        data = self.content()
        if data is None:
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        pixmap = QPixmap.fromImage(data.imageData())
        drag.setPixmap(pixmap.scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio))
        self.setDown(False)
        drag.exec(Qt.DropAction.CopyAction)
