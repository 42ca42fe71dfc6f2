"""The statistics of a dataset beside CLEVR's, as a picture; exported as a picture or as figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.background import Background
from desktop_app.errors import sentence
from desktop_app.export_dialog import set_title
from engine.errors import BoxpaintError
from engine.files import write_atomic, write_json
from engine.formats.statistics import Statistics, measure
from engine.formats.statistics_clevr import distances
from ui.spoken import name_choice
from ui.tab_order import follow_layout

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.formats.dataset import Entry

Drawn = tuple[Statistics, "Image"]


class StatisticsDialog(QDialog):
    """Shows one set of layouts at a time: all, those filtered or selected, or one split. Drawn in a thread."""

    def __init__(self, title: str, sets: Mapping[str, Sequence[Entry]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statisticsDialog")
        self.setWindowTitle(self.tr("Statistics of {}").format(title))
        self._title = title
        self._drawn: Drawn | None = None
        self._background = Background(self)
        self.which = QComboBox(self)
        name_choice(self.which, self.tr("Which layouts"))
        self._sets: list[Sequence[Entry]] = []
        for name, entries in sets.items():
            self._offer(set_title(name, len(entries)), entries)
        for split, entries in _by_split(sets.get("all", ())).items():
            self._offer(self.tr("Split {0} ({1})").format(split, f"{len(entries):,}"), entries)
        self.picture = QLabel(self)
        self.picture.setObjectName("statisticsPicture")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        self.save_picture = self.buttons.addButton(self.tr("Save picture…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save_figures = self.buttons.addButton(self.tr("Save figures…"), QDialogButtonBox.ButtonRole.ActionRole)
        self._arrange()
        self.which.currentIndexChanged.connect(self._draw)
        self.save_picture.clicked.connect(lambda: self._ask("png"))
        self.save_figures.clicked.connect(lambda: self._ask("json"))
        self.buttons.rejected.connect(self.reject)
        self._draw()

    def export(self, path: Path) -> bool:
        """Write the picture to a ``.png``, or the figures to a ``.json``; False, and told, when that fails."""
        if self._drawn is None:
            return False
        statistics, picture = self._drawn
        try:
            if path.suffix == ".json":
                write_json(path, {**statistics.as_dict(), "distance_from_clevr": distances(statistics)})
            else:
                write_atomic(path, lambda file: picture.save(file, "PNG"))
        except BoxpaintError as error:
            self.told.setText(self.tr("Not saved: {}").format(error))
            return False
        self.told.setText(self.tr("Saved as {}.").format(path.name))
        return True

    def _arrange(self) -> None:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.picture)
        scroll.setAccessibleName(self.tr("Picture of the statistics"))
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("Layouts"), self))
        row.addWidget(self.which, 1)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(scroll, 1)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        follow_layout(self)
        room = self.screen().availableSize()
        self.resize(QSize(1250, 960).boundedTo(room * 0.95))

    def _offer(self, title: str, entries: Sequence[Entry]) -> None:
        self.which.addItem(title)
        self._sets.append(entries)

    def _draw(self) -> None:
        index = self.which.currentIndex()
        entries, title = self._sets[index], f"{self._title}: {self.which.currentText()}"
        self._drawn = None
        self.told.setText(self.tr("Counting…"))
        for button in (self.save_picture, self.save_figures):
            button.setEnabled(False)

        def failed(error: Exception) -> None:
            self.told.setText(sentence(error))

        self._background.run(lambda: _drawn(entries, title), self._show, failed)

    def _show(self, drawn: Drawn) -> None:
        self._drawn = drawn
        statistics, picture = drawn
        rgb = picture.tobytes()
        # copy(): QImage only borrows the bytes.
        image = QImage(rgb, picture.width, picture.height, 3 * picture.width, QImage.Format.Format_RGB888).copy()
        self.picture.setPixmap(QPixmap.fromImage(image))
        far = ", ".join(f"{name} {value:.2f}" for name, value in distances(statistics).items())
        text = self.tr("Distance from CLEVR (0 the same, 1 disjoint): {}").format(far)
        self.told.setText(text)
        self.picture.setAccessibleName(text)
        for button in (self.save_picture, self.save_figures):
            button.setEnabled(True)

    def _ask(self, ending: str) -> None:
        kinds = self.tr("Picture (*.png)") if ending == "png" else self.tr("Figures (*.json)")
        name, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), f"statistics.{ending}", kinds)
        if name:
            self.export(Path(name if name.endswith(f".{ending}") else f"{name}.{ending}"))

    def done(self, result: int) -> None:
        self._background.forget()
        super().done(result)


def _by_split(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The entries of each split; nothing where there is only one."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.split is not None:
            groups.setdefault(entry.split, []).append(entry)
    return groups if len(groups) > 1 else {}


def _drawn(entries: Sequence[Entry], title: str) -> Drawn:
    from engine.formats.statistics_picture import statistics_picture

    statistics = measure(entries)
    return statistics, statistics_picture(statistics, title)
