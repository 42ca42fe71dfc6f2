"""Benchmarks in place of the canvas: exporting, scores and gallery of one export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from ui.benchmarks.export_panel import ExportPanel
from ui.benchmarks.gallery_panel import GalleryPanel
from ui.benchmarks.scores_panel import ScoresPanel
from ui.benchmarks.values import Details, Shot
from ui.scrolled import scrolled
from ui.timeline.elided_label import ElidedLabel
from ui.timeline.pictures import PictureCache


class BenchmarksPage(QWidget):
    """Three tabs about the export that is open."""

    left = Signal()
    """The canvas is wanted again."""
    open_wanted = Signal()
    """Another export is to be asked for."""

    def __init__(
        self,
        axes: Sequence[tuple[str, str, str]],
        pictures: PictureCache,
        details: Callable[[Shot], Details],
        parent: QWidget | None = None,
    ) -> None:
        """The arguments are those of the panels."""
        super().__init__(parent)
        self.setObjectName("benchmarksPage")
        self.back = QPushButton(self.tr("Back to the canvas"), self)
        self.back.clicked.connect(self.left)
        self.title = ElidedLabel(self)
        self.choose = QPushButton(self.tr("Open export…"), self)
        self.choose.clicked.connect(self.open_wanted)
        self.export = ExportPanel(axes, self)
        self.scores = ScoresPanel(self)
        self.gallery = GalleryPanel(pictures, details, self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("benchmarkTabs")
        self.tabs.setDocumentMode(True)
        for panel, title in (
            (self.export, self.tr("Export")),
            (self.scores, self.tr("Scores")),
            (self.gallery, self.tr("Gallery")),
        ):
            self.tabs.addTab(panel, title)
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 0)
        row.addWidget(self.back)
        row.addWidget(self.title, 1)
        row.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(scrolled(self.tabs, self), 1)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.left.emit)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.show_folder(None)

    def event(self, event: QEvent) -> bool:
        # Keys that mean the canvas elsewhere, such as Delete, do nothing to it while it is not seen.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            modifiers = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
            if not modifiers and event.key() != Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def show_folder(self, folder: Path | None) -> None:
        """Say which export is open."""
        self.title.show_line(self.tr("No export is open.") if folder is None else folder.name)
        self.title.setToolTip("" if folder is None else str(folder))

    def show_tab(self, name: str) -> None:
        """Bring ``export``, ``scores`` or ``gallery`` to the front."""
        self.tabs.setCurrentWidget(getattr(self, name))
