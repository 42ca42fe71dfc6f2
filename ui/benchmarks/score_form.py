"""The form that says what is to be scored, and how."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.benchmarks.path_field import PathField
from ui.benchmarks.values import ScoreWish
from ui.spoken import name_choice

PROTOCOLS = ("layoutbench", "layoutbench-coco", "coco")


class ScoreForm(QWidget):
    """Shows and changes a `ScoreWish`."""

    changed = Signal()
    layouts_wanted = Signal(str)
    """The dataset is to be asked for: ``file`` or ``folder``."""
    detections_wanted = Signal()
    detector_wanted = Signal()
    inception_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._had_detectors = False
        self.runs = QListWidget(self)
        self.runs.setObjectName("scoreRuns")
        self.runs.setAccessibleName(self.tr("Runs to score"))
        self.runs.setMaximumHeight(110)
        self.runs.itemChanged.connect(self.changed)
        tips = self.tr("Choose the dataset's file"), self.tr("Choose the dataset's folder")
        self.layouts = PathField(
            "scoreLayouts",
            self.tr("Layouts of the pictures"),
            {"file": (self.tr("File…"), tips[0]), "folder": (self.tr("Folder…"), tips[1])},
            self,
        )
        self.layouts.wanted.connect(self.layouts_wanted)
        self.protocol = QComboBox(self)
        name_choice(self.protocol, self.tr("Protocol"))
        titles = (self.tr("LayoutBench"), self.tr("LayoutBench-COCO"), self.tr("COCO, the dataset's own classes"))
        for name, title in zip(PROTOCOLS, titles, strict=True):
            self.protocol.addItem(title, name)
        self.source = QComboBox(self)
        name_choice(self.source, self.tr("Who looks at the pictures"))
        tip = self.tr("Choose a file of stored detections")
        self.detections = PathField(
            "scoreDetections", self.tr("Stored detections"), {"file": (self.tr("File…"), tip)}, self
        )
        self.detections.wanted.connect(lambda _: self.detections_wanted.emit())
        tip = self.tr("Choose a detector's folder")
        self.detector = PathField("scoreDetector", tip, {"folder": (self.tr("Folder…"), tip)}, self)
        self.detector.wanted.connect(lambda _: self.detector_wanted.emit())
        self.shuffled = QCheckBox(self.tr("What chance would score"), self)
        self.shuffled.setToolTip(self.tr("Also score against the layouts of other pictures"))
        self.frechet = QCheckBox(self.tr("Fréchet distances"), self)
        self.frechet.setToolTip(self.tr("To the dataset's own pictures, on the detector's features; not FID"))
        self.fid = QCheckBox(self.tr("FID and SceneFID"), self)
        self.fid.setToolTip(self.tr("To the dataset's own pictures, on Inception's features"))
        self.fid.toggled.connect(self._fid_chosen)
        tip = self.tr("Choose the TorchScript file of Inception")
        self.inception = PathField("scoreInception", self.tr("Weights of Inception"), {"file": ("…", tip)}, self)
        self.inception.line.setPlaceholderText(self.tr("Inception: from boxpaint[fid]"))
        self.inception.line.setToolTip(self.tr("A TorchScript file; left empty, the one that boxpaint[fid] brings"))
        self.inception.wanted.connect(lambda _: self.inception_wanted.emit())
        self._arrange()
        for field in (self.layouts, self.detections, self.detector, self.inception):
            field.changed.connect(self.changed)
        self.source.currentIndexChanged.connect(self._source_chosen)
        self.set_detectors(())

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        rows: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            (self.tr("Runs"), (self.runs,)),
            (self.tr("Layouts"), (self.layouts,)),
            (self.tr("Protocol"), (self.protocol,)),
            (self.tr("Detector"), (self.source, self.detector, self.detections)),
            (self.tr("Also"), (self.shuffled, self.frechet, self.fid, self.inception)),
        )
        for title, widgets in rows:
            column.addWidget(QLabel(title, self))
            for widget in widgets:
                column.addWidget(widget)
            column.addSpacing(4)
        column.addStretch(1)

    def set_detectors(self, detectors: Sequence[tuple[str, str]]) -> None:
        """The detectors to choose from: name and title; a folder and stored detections are always among them."""
        former = self.source.currentData()
        self.source.blockSignals(True)
        self.source.clear()
        for name, title in detectors:
            self.source.addItem(title, name)
        self.source.addItem(self.tr("Detector in a folder"), "folder:")
        self.source.addItem(self.tr("Stored detections"), "detections:")
        # Before there were any, nobody had a choice.
        chosen = self.source.findData(former) if self._had_detectors else 0
        self.source.setCurrentIndex(max(chosen, 0))
        self._had_detectors = bool(detectors)
        self.source.blockSignals(False)
        self._source_chosen()

    def _source_chosen(self) -> None:
        chosen = self.source.currentData()
        self.detector.setVisible(chosen == "folder:")
        self.detections.setVisible(chosen == "detections:")
        self.frechet.setEnabled(chosen != "detections:")
        self.fid.setEnabled(chosen != "detections:")
        self._fid_chosen()

    def _fid_chosen(self) -> None:
        self.inception.setVisible(self.fid.isEnabled() and self.fid.isChecked())
        self.changed.emit()

    def set_runs(self, runs: Sequence[str]) -> None:
        """The runs of the open export; those that are not new stay chosen or not."""
        former = {self.runs.item(row).text(): self.runs.item(row).checkState() for row in range(self.runs.count())}
        if list(former) == list(runs):
            return
        self.runs.blockSignals(True)
        self.runs.clear()
        for run in runs:
            item = QListWidgetItem(run, self.runs)
            item.setCheckState(former.get(run, Qt.CheckState.Checked))
        self.runs.blockSignals(False)
        self.changed.emit()

    def wish(self, *, allow: bool = False) -> ScoreWish:
        """What the form says."""
        items = [self.runs.item(row) for row in range(self.runs.count())]
        chosen = self.source.currentData()
        stored = chosen == "detections:"
        return ScoreWish(
            runs=tuple(item.text() for item in items if item.checkState() == Qt.CheckState.Checked),
            layouts=self.layouts.text,
            protocol=self.protocol.currentData(),
            detector="" if stored else self.detector.text if chosen == "folder:" else chosen,
            detections=self.detections.text if stored else "",
            allow=allow,
            shuffled=self.shuffled.isChecked(),
            frechet=self.frechet.isChecked() and not stored,
            fid=self.inception.text if self.fid.isChecked() and not stored else None,
        )

    @property
    def complete(self) -> bool:
        """Whether there is nothing left to say."""
        wish = self.wish()
        one = len(wish.runs) == 1 or (wish.runs and not wish.detections)
        return bool(one and wish.layouts and (wish.detector or wish.detections))
