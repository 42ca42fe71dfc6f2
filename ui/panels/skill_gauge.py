"""A small gauge: how far the layout is from CLEVR's in number, position, size and shape."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.layout.skills import COUNT, SKILLS, SkillDistance, skill_distances
from ui.comfort import scaled
from ui.document import Document
from ui.inks import Ink

LOOKS_AFTER = 120
"""Milliseconds of rest before a changed layout is measured: a drag is not slowed down."""

LONGEST = 3.0
"""The distance that fills a bar; CLEVR's edge, 1, is at a third."""


class SkillGauge(QWidget):
    """Four named bars; each tells its figures by a tooltip and to screen readers."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("skillGauge")
        self.setAccessibleName(self.tr("How far the layout is from CLEVR's"))
        self._document = document
        titles = {
            "number": self.tr("Number"),
            "position": self.tr("Position"),
            "size": self.tr("Size"),
            "shape": self.tr("Shape"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(10)
        self.bars: Mapping[str, SkillBar] = {skill: SkillBar(skill, titles[skill], self) for skill in SKILLS}
        for bar in self.bars.values():
            row.addWidget(bar)
        self._timer = QTimer(self, singleShot=True, interval=LOOKS_AFTER)
        self._timer.timeout.connect(self.look)
        document.committed.connect(self._timer.start)
        self.look()

    def look(self) -> None:
        """Measure the layout now."""
        found = skill_distances(self._document.committed_layout)
        for skill, bar in self.bars.items():
            bar.show_distance(found.get(skill))


class SkillBar(QWidget):
    """One skill: its name and a bar with a mark at CLEVR's edge."""

    def __init__(self, skill: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{skill}Gauge")
        self.setAccessibleName(title)
        self._title = title
        label = QLabel(title, self)
        label.setObjectName("panelNote")
        self._bar = _Bar(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(label)
        row.addWidget(self._bar)

    @property
    def distance(self) -> SkillDistance | None:
        """What is shown; None where the layout has nothing to measure."""
        return self._bar.distance

    def show_distance(self, distance: SkillDistance | None) -> None:
        """Show this distance."""
        self._bar.distance = distance
        self._bar.update()
        text = f"{self._title}: " + (self._told(distance) if distance else self.tr("there is no object yet."))
        self.setToolTip(text)
        self.setAccessibleDescription(text)

    def _told(self, distance: SkillDistance) -> str:
        if distance.outside:
            verdict = self.tr("{:.1f} times CLEVR's range, like LayoutBench's {}.").format(
                distance.distance, distance.split
            )
        else:
            verdict = self.tr("as in CLEVR.")
        return f"{self._figures(distance)} {verdict[0].upper()}{verdict[1:]}"

    def _figures(self, distance: SkillDistance) -> str:
        texts = {
            "number": self.tr("{0:.0f} objects, in CLEVR {2} to {3}."),
            "position": self.tr("on average {0:.2f} spreads from the middle, in CLEVR {1:.2f}."),
            "size": self.tr("on average {0:.3f} of the picture's side, in CLEVR {1:.3f}."),
            "shape": self.tr("on average {0:.2f} times as wide as high, in CLEVR {1:.2f}."),
        }
        return texts[distance.skill].format(distance.value, distance.usual, *COUNT)


class _Bar(QWidget):
    """The bar itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.distance: SkillDistance | None = None
        self.setFixedSize(QSize(scaled(40), 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette = self.palette()
        groove = QRectF(0, 3, self.width(), 6)
        painter.setBrush(palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(groove, 3, 3)
        if self.distance is not None:
            share = min(self.distance.distance / LONGEST, 1.0)
            outside = self.distance.outside
            painter.setBrush(Ink.WARNING.color(palette) if outside else palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(
                QRectF(groove.x(), groove.y(), max(groove.width() * share, 3), groove.height()), 3, 3
            )
        painter.fillRect(QRectF(self.width() / LONGEST, 1, 1.5, 10), palette.color(QPalette.ColorRole.WindowText))
        painter.end()
