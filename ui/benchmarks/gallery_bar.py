"""Which pictures the gallery shows, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from ui.benchmarks.names import verdict_name
from ui.benchmarks.values import SURPLUS_VERDICTS, TARGET_VERDICTS, Facets, ShotFilter, Sorting
from ui.spoken import name_choice

DELAY = 80
"""Milliseconds after the last key until the gallery is searched."""


class GalleryBar(QWidget):
    """Run, run to compare with, filters and sorting."""

    run_changed = Signal()
    """Another run, or another one to compare with, is wanted."""
    changed = Signal()
    """The filter or the order is another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = self._combo("galleryRun", self.tr("Run"))
        self.other = self._combo("galleryOther", self.tr("Run to compare with"))
        self.split = self._combo("gallerySplit", self.tr("Split"))
        self.label = self._combo("galleryLabel", self.tr("Label"))
        self.verdict = self._combo("galleryVerdict", self.tr("With the verdict"))
        self.outcome = self._combo("galleryOutcome", self.tr("Wins and losses"))
        self.sort = self._combo("gallerySort", self.tr("Sorted by"))
        self.down = QToolButton(self)
        self.down.setCheckable(True)
        self.down.setAccessibleName(self.tr("Greatest first"))
        self.down.setToolTip(self.tr("Greatest first"))
        self.down.setText("↓")
        self.search = QLineEdit(self)
        self.search.setObjectName("gallerySearch")
        self.search.setAccessibleName(self.tr("Search pictures"))
        self.search.setPlaceholderText(self.tr("Search names and labels"))
        self.search.setToolTip(self.tr("Search names and labels"))
        self.search.setClearButtonEnabled(True)
        self.count = QLabel(self)
        self.count.setObjectName("panelNote")
        self._fill_fixed()
        self._arrange()
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda: self._timer.start())
        for combo in (self.split, self.label, self.verdict, self.outcome):
            combo.currentIndexChanged.connect(self.changed)
        self.sort.currentIndexChanged.connect(self._sort_chosen)
        self.down.toggled.connect(self.changed)
        for combo in (self.run, self.other):
            combo.currentIndexChanged.connect(self.run_changed)

    def _combo(self, name: str, title: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        name_choice(combo, title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(9)
        combo.setMaxVisibleItems(24)
        return combo

    def _fill_fixed(self) -> None:
        for text, key in (
            (self.tr("As painted"), "painted"),
            (self.tr("AP"), "ap"),
            (self.tr("Share found"), "found"),
            (self.tr("Number of objects"), "objects"),
            (self.tr("Split"), "split"),
            (self.tr("First label"), "label"),
            (self.tr("Name"), "name"),
            (self.tr("Win over the other run"), "gain"),
        ):
            self.sort.addItem(text, key)
        for verdict in (*TARGET_VERDICTS, *SURPLUS_VERDICTS):
            self.sort.addItem(self.tr("Number of “{}”").format(verdict_name(verdict)), verdict)
        for text, key in (
            (self.tr("Wins and losses"), ""),
            (self.tr("Only wins"), "win"),
            (self.tr("Only losses"), "loss"),
            (self.tr("Only draws"), "draw"),
        ):
            self.outcome.addItem(text, key)

    def _arrange(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (first, (self.run, QLabel(self.tr("against"), self), self.other, self.outcome, self.search)),
            (second, (self.split, self.verdict, self.label, QLabel(self.tr("by"), self), self.sort, self.down)),
        ):
            row.setSpacing(6)
            for widget in widgets:
                row.addWidget(widget, 0 if isinstance(widget, (QLabel, QToolButton)) else 1)
        second.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(4)
        column.addLayout(first)
        column.addLayout(second)

    def _sort_chosen(self) -> None:
        # The worst are wanted first: the least of what is good, the most of what is bad.
        key = self.sort.currentData()
        self.down.blockSignals(True)
        self.down.setChecked(key in (*TARGET_VERDICTS, *SURPLUS_VERDICTS))
        self.down.blockSignals(False)
        self.changed.emit()

    # -- what there is

    def set_runs(self, runs: Sequence[str]) -> None:
        """The runs of the export; what is chosen stays chosen if it is among them."""
        for combo, none in ((self.run, False), (self.other, True)):
            former = combo.currentData()
            combo.blockSignals(True)
            combo.clear()
            if none:
                combo.addItem(self.tr("no other run"), "")
            for run in runs:
                combo.addItem(run, run)
            combo.setCurrentIndex(max(combo.findData(former), 0) if combo.count() else -1)
            combo.blockSignals(False)
        self.other.setEnabled(len(runs) > 1)

    def set_facets(self, facets: Facets) -> None:
        """What the pictures can be told apart by; what is chosen stays chosen if it is there."""
        self._fill(self.split, self.tr("Any split"), facets.splits)
        self._fill(self.label, self.tr("Any label"), facets.labels)
        verdicts = {
            name: facets.verdicts[name] for name in (*TARGET_VERDICTS, *SURPLUS_VERDICTS) if name in facets.verdicts
        }
        self._fill(self.verdict, self.tr("Any verdict"), verdicts, {name: verdict_name(name) for name in verdicts})
        self.outcome.setEnabled(bool(self.other.currentData()))
        if not self.other.currentData():
            self.outcome.setCurrentIndex(0)

    def _fill(
        self, combo: QComboBox, every: str, counts: Mapping[str, int], names: Mapping[str, str] | None = None
    ) -> None:
        former = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        combo.addItem(every, "")
        for key, count in counts.items():
            combo.addItem(f"{(names or {}).get(key, key)} ({count})", key)
        combo.setCurrentIndex(max(combo.findData(former), 0))
        combo.blockSignals(False)

    def show_count(self, shown: int, total: int) -> None:
        """So many pictures are shown."""
        text = self.tr("{} pictures").format(total)
        self.count.setText(text if shown == total else self.tr("{0} of {1}").format(shown, text))

    # -- what is wanted

    def filter(self) -> ShotFilter:
        """Which pictures."""
        return ShotFilter(
            words=self.search.text(),
            split=self.split.currentData() or "",
            label=self.label.currentData() or "",
            verdict=self.verdict.currentData() or "",
            outcome=self.outcome.currentData() or "",
        )

    def sorting(self) -> Sorting:
        """In which order."""
        return Sorting(self.sort.currentData() or "painted", self.down.isChecked())

    def choose(self, *, split: str = "", verdict: str = "", words: str = "", sort: str = "") -> None:
        """Filter by these; everything else is let through."""
        self.search.setText(words)
        self._timer.stop()
        wanted = ((self.split, split), (self.verdict, verdict), (self.label, ""), (self.outcome, ""))
        for combo, value in (*wanted, *(((self.sort, sort),) if sort else ())):
            combo.blockSignals(True)
            combo.setCurrentIndex(max(combo.findData(value), 0))
            combo.blockSignals(False)
        self._sort_chosen()
