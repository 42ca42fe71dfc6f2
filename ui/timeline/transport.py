"""The row of buttons that moves through the frames, and the slider over all of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QWidget

from ui.spoken import name_choice
from ui.timeline.model import RunModel
from ui.timeline.playback import SPEEDS, Player


class Transport(QWidget):
    """Ends, single frames, play, loop, speed; and the scrubber."""

    def __init__(
        self, run: RunModel, player: Player, icons: Callable[[str], QIcon], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        # As players of music and films do: time runs from left to right where texts run from right to left, too.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._run = run
        self._player = player
        self._icons = icons
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("frameSlider")
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setEnabled(False)
        self.slider.valueChanged.connect(self._slid)
        self.start = self._button("to-start", self.tr("First frame (Home)"), lambda: self.to_end(0))
        self.back = self._button("frame-back", self.tr("One frame back (Up)"), lambda: run.move_frame(-1))
        self.play = self._button("play", self.tr("Play or stop (K)"), player.toggle)
        self.on = self._button("frame-on", self.tr("One frame on (Down)"), lambda: run.move_frame(1))
        self.end = self._button("to-end", self.tr("Last frame (End)"), lambda: self.to_end(-1))
        self.loop = self._button("loop", self.tr("Begin anew after the last frame"), self._loop_clicked)
        self.loop.setCheckable(True)
        self.speed = QComboBox(self)
        name_choice(self.speed, self.tr("Frames per second"))
        for speed in SPEEDS:
            self.speed.addItem(self.tr("{} per s").format(speed), speed)
        self.speed.activated.connect(lambda: player.set_speed(self.speed.currentData()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in (self.start, self.back, self.play, self.on, self.end, self.loop):
            row.addWidget(button)
        row.addWidget(self.speed)
        row.addSpacing(6)
        row.addWidget(self.slider, 1)
        player.changed.connect(self._show_player)
        run.frames_changed.connect(self.refresh)
        run.reset.connect(self.refresh)
        run.position_changed.connect(self.refresh)
        self._show_player()
        self.refresh()

    def _button(self, icon: str, text: str, slot: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(self._icons(icon))
        button.setToolTip(text)
        button.setAccessibleName(text.partition(" (")[0])
        button.setAutoRaise(True)
        button.clicked.connect(lambda: slot())
        return button

    def to_end(self, place: int) -> None:
        """Show the first (0) or the last (-1) frame."""
        listed = self._run.positions()
        if listed:
            self._run.go_to(listed[place])

    def _loop_clicked(self) -> None:
        self._player.loop = self.loop.isChecked()

    def _slid(self, value: int) -> None:
        listed = self._run.positions()
        if value < len(listed):
            self._run.go_to(listed[value])

    def _show_player(self) -> None:
        playing = self._player.direction != 0
        self.play.setIcon(self._icons("pause" if playing else "play"))
        self.speed.setCurrentIndex(self.speed.findData(self._player.speed))

    def refresh(self) -> None:
        """Follow the run: as many places as there are frames, the shown one in it."""
        count = len(self._run.positions())
        place = self._run.place_of(self._run.position)
        self.slider.blockSignals(True)
        self.slider.setEnabled(count > 0)
        self.slider.setRange(0, max(count - 1, 0))
        self.slider.setPageStep(max(count // 10, 1))
        if place is not None:
            self.slider.setValue(place)
        self.slider.blockSignals(False)
        for button in (self.start, self.back, self.play, self.on, self.end):
            button.setEnabled(count > 0)
