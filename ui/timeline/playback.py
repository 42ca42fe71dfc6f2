"""Plays the frames of a run like a film."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from ui.timeline.model import FrameKind, Position, RunModel

SPEEDS = (1, 2, 4, 8, 15, 30)
"""Frames per second."""


class Player(QObject):
    """Moves the run's position on by a timer; every other way of moving it goes on working meanwhile."""

    changed = Signal()

    def __init__(self, run: RunModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._direction = 0
        self._speed = 4
        self.loop = False
        """Whether it begins anew after the last frame."""
        self.steps_only = False
        """Whether only the composites are shown, one per step."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        run.reset.connect(self.stop)

    @property
    def direction(self) -> int:
        """1 while it plays, -1 while it plays backwards, else 0."""
        return self._direction

    @property
    def speed(self) -> int:
        return self._speed

    def set_speed(self, speed: int) -> None:
        """Show so many frames per second."""
        self._speed = speed
        self._timer.setInterval(round(1000 / speed))
        self.changed.emit()

    def play(self, direction: int = 1) -> None:
        """Play on, or back; once more in the same direction: faster. From the end it starts at the beginning."""
        if self._direction == direction:
            faster = [speed for speed in SPEEDS if speed > self._speed]
            self.set_speed(faster[0] if faster else self._speed)
            return
        listed = self._frames()
        if not listed:
            return
        if not self.loop and self._run.position == listed[-1 if direction > 0 else 0]:
            self._run.go_to(listed[0 if direction > 0 else -1])
        self._direction = direction
        self._timer.start(round(1000 / self._speed))
        self.changed.emit()

    def stop(self) -> None:
        """Stay at the shown frame."""
        if self._direction:
            self._direction = 0
            self._timer.stop()
            self.changed.emit()

    def toggle(self) -> None:
        """Play, or stop playing."""
        if self._direction:
            self.stop()
        else:
            self.play()

    def _frames(self) -> list[Position]:
        listed = self._run.positions()
        return [entry for entry in listed if entry.kind is FrameKind.COMPOSITE] if self.steps_only else listed

    def _tick(self) -> None:
        listed = self._frames()
        if not listed:
            self.stop()
            return
        position = self._run.position
        place = listed.index(position) if position in listed else -1 if self._direction > 0 else 0
        place += self._direction
        if not 0 <= place < len(listed):
            if not self.loop:
                self.stop()
                return
            place %= len(listed)
        self._run.go_to(listed[place])
