"""The gallery: pictures of an export, filtered and sorted, and the chosen one with its verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.benchmarks.gallery_bar import GalleryBar
from ui.benchmarks.gallery_model import GalleryModel
from ui.benchmarks.gallery_view import GalleryView
from ui.benchmarks.names import verdict_meaning, verdict_name
from ui.benchmarks.picture_view import PictureView
from ui.benchmarks.values import VERDICT_COLORS, Details, Facets, Shot
from ui.timeline.pictures import PictureCache

_OBJECT = Qt.ItemDataRole.UserRole


class GalleryPanel(QWidget):
    """Shows pictures; says which one is to be opened, and at which of its objects."""

    run_changed = Signal()
    open_wanted = Signal(object, str)
    """Open this `Shot` in the timeline and on the canvas, at the object with this id (or none)."""
    compare_wanted = Signal(object)
    """Look at this `Shot` beside that of the compared run."""

    def __init__(
        self, pictures: PictureCache, details: Callable[[Shot], Details], parent: QWidget | None = None
    ) -> None:
        """``details`` gives what is known of a picture's objects; it is asked when a picture is chosen."""
        super().__init__(parent)
        self.setObjectName("galleryPanel")
        self._pictures = pictures
        self._details = details
        self.bar = GalleryBar(self)
        self.model = GalleryModel(self)
        self.view = GalleryView(self.model, self)
        self.picture = PictureView(self)
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        self.verdicts = QTreeWidget(self)
        self.verdicts.setObjectName("galleryVerdicts")
        for part in (self.verdicts, self.verdicts.header()):
            part.setAccessibleName(self.tr("Verdicts on the chosen picture"))
        self.verdicts.setHeaderLabels([self.tr("Object"), self.tr("Verdict"), self.tr("IoU")])
        self.verdicts.setRootIsDecorated(False)
        self.verdicts.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.open = QPushButton(self.tr("Open in the timeline"), self)
        self.open.setToolTip(self.tr("Show its steps, and its layout on the canvas, ready to be changed and painted"))
        self.compare = QPushButton(self.tr("Compare"), self)
        self.compare.setAccessibleName(self.tr("Compare with the other run"))
        self._arrange()
        self._connect()
        self._show(None)

    def _arrange(self) -> None:
        detail = QWidget(self)
        column = QVBoxLayout(detail)
        column.setContentsMargins(8, 4, 8, 8)
        column.addWidget(self.title)
        column.addWidget(self.picture, 3)
        column.addWidget(self.verdicts, 2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open, 1)
        buttons.addWidget(self.compare)
        column.addLayout(buttons)
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.addWidget(self.view)
        halves.addWidget(detail)
        halves.setStretchFactor(0, 1)
        halves.setSizes([600, 380])
        halves.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(halves, 1)

    def _connect(self) -> None:
        self.bar.run_changed.connect(self.run_changed)
        self.bar.changed.connect(self._filter)
        self.view.chosen.connect(self._show)
        self.view.opened.connect(lambda shot: self._open(shot, ""))
        self.open.clicked.connect(lambda: self._open(self.view.current, self._object()))
        self.compare.clicked.connect(lambda: self.compare_wanted.emit(self.view.current))
        self.verdicts.currentItemChanged.connect(lambda: self.picture.set_current(self._object()))
        self.verdicts.itemActivated.connect(lambda: self._open(self.view.current, self._object()))
        self.picture.picked.connect(self._pick)

    # -- what is shown

    def set_shots(self, shots: Sequence[Shot]) -> None:
        """Show these pictures; filter and order stay, as far as they can."""
        self.bar.set_facets(Facets.of(shots))
        self.model.set_shots(shots)
        self._filter()

    def _filter(self) -> None:
        if self.model.arrange(self.bar.filter(), self.bar.sorting()) and self.model.rowCount():
            self.view.show_row(0)  # the worst, where it is sorted so
        self.bar.show_count(self.model.rowCount(), len(self.model.shots))

    def _show(self, shot: Shot | None) -> None:
        self.verdicts.clear()
        self.open.setEnabled(shot is not None and bool(shot.file))
        self.compare.setVisible(bool(shot is not None and shot.other is not None and shot.other.file))
        if shot is None:
            self.title.setText(self.tr("No picture") if self.model.shots else "")
            self.picture.show_picture("", None, Details())
            return
        details = self._details(shot) if shot.scored else Details()
        about = details.problem or self.model.verdicts(shot) or self.model.about(shot)
        self.title.setText(f"{shot.split} / {shot.name}\n{about}")
        picture = self._pictures.get(shot.file) if shot.file else None
        image, note = (picture.image, picture.problem) if picture is not None else (None, self.model.about(shot))
        self.picture.show_picture(shot.name, image, details, note or details.problem)
        for item in (*details.targets, *details.surplus):
            self._add_verdict(item)
        for place in (0, 1):
            self.verdicts.resizeColumnToContents(place)

    def _add_verdict(self, item: Mapping[str, Any]) -> None:
        verdict = str(item["verdict"])
        detail = str(item.get("detail") or "")
        name = verdict_name(verdict)
        iou = item.get("iou")
        texts = [str(item["label"]), f"{name} ({detail})" if detail else name, f"{iou:.2f}" if iou else ""]
        row = QTreeWidgetItem(self.verdicts, texts)
        row.setData(0, _OBJECT, item.get("object") or "")
        row.setToolTip(1, verdict_meaning(verdict))
        mark = QPixmap(10, 10)
        mark.fill(QColor(VERDICT_COLORS.get(verdict, "#808080")))
        row.setIcon(1, mark)

    def _object(self) -> str:
        item = self.verdicts.currentItem()
        return str(item.data(0, _OBJECT)) if item is not None else ""

    def _pick(self, object_id: str) -> None:
        for row in range(self.verdicts.topLevelItemCount()):
            item = self.verdicts.topLevelItem(row)
            if item is not None and item.data(0, _OBJECT) == object_id:
                self.verdicts.setCurrentItem(item)

    def _open(self, shot: Shot | None, object_id: str) -> None:
        if shot is not None and shot.file:
            self.open_wanted.emit(shot, object_id)
