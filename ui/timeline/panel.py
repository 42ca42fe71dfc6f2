"""The timeline: the film strip, the scrubber, which frame is shown, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.comfort import large_text
from ui.timeline.elided_label import ElidedLabel
from ui.timeline.frame_handle import FrameHandle
from ui.timeline.model import FrameKind, Position, RunModel, RunState, StepState
from ui.timeline.pictures import PictureCache
from ui.timeline.playback import Player
from ui.timeline.results import Results
from ui.timeline.strip import StepStrip
from ui.timeline.transport import Transport

_FULL_DRIFT = 16.0
"""Mean change of the kept pixels, in 8-bit steps, at which the meter is full."""


class TimelinePanel(QWidget):
    """Shows a run and moves through its frames: left and right by steps, up and down by frames, J K L play."""

    menu_wanted = Signal(object)
    """A menu for the shown step is wanted at this global position."""

    def __init__(
        self,
        run: RunModel,
        pictures: PictureCache,
        results: Results,
        icons: Callable[[str], QIcon],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self._run = run
        self._results = results
        self.player = Player(run, self)
        self.strip = StepStrip(run, pictures, results, self)
        self.strip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.strip.customContextMenuRequested.connect(self._strip_menu)
        self.transport = Transport(run, self.player, icons, self)
        self.slider = self.transport.slider
        self.caption = ElidedLabel(self)
        self.caption.setObjectName("frameCaption")
        self._kinds: dict[FrameKind, QToolButton] = {}
        self.live = QToolButton(self)
        self.live.setText(self.tr("Live"))
        self.live.setToolTip(self.tr("Show each step as soon as it is painted"))
        self.live.setCheckable(True)
        self.live.setEnabled(False)
        self.live.clicked.connect(self._live_clicked)
        self.handle = FrameHandle(run, icons, self)
        self._make_detection_controls(icons)
        self._make_drift()
        self._arrange()
        self.setFocusProxy(self.slider)
        self.slider.installEventFilter(self)
        for signal in (run.reset, run.state_changed, run.position_changed):
            signal.connect(self._refresh)
        results.changed.connect(self._show_found)
        self._refresh()

    def _make_detection_controls(self, icons: Callable[[str], QIcon]) -> None:
        self.detections = QToolButton(self)
        self.detections.setIcon(icons("detections"))
        self.detections.setCheckable(True)
        self.detections.setChecked(True)
        self.detections.setAccessibleName(self.tr("Show what the detector found"))
        self.detections.setToolTip(self.tr("Show what the detector found (B)"))
        self.threshold = QSlider(Qt.Orientation.Horizontal, self)
        self.threshold.setObjectName("threshold")
        self.threshold.setRange(0, 100)
        self.threshold.setValue(round(self._results.threshold * 100))
        self.threshold.setFixedWidth(90)
        self.threshold.setAccessibleName(self.tr("Detection threshold"))
        self.threshold.setToolTip(self.tr("Detections that score less are not shown and do not count"))
        self.threshold.valueChanged.connect(lambda value: self._results.set_threshold(value / 100))
        self.found = QLabel(self)
        self.found.setObjectName("panelNote")
        self.found.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.70 · 00/00 found "))

    def _make_drift(self) -> None:
        self.drift = QProgressBar(self)
        self.drift.setObjectName("drift")
        self.drift.setRange(0, 1000)
        self.drift.setTextVisible(False)
        self.drift.setFixedWidth(54)
        self.drift.setAccessibleName(self.tr("Change of the kept pixels"))
        self.drift_text = QLabel(self)
        self.drift_text.setObjectName("panelNote")

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        for kind, text in (
            (FrameKind.CONTEXT, self.tr("Context")),
            (FrameKind.MASK, self.tr("Mask")),
            (FrameKind.RAW, self.tr("Raw")),
            (FrameKind.COMPOSITE, self.tr("Composite")),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setObjectName("frameKind")
            button.setCheckable(True)
            button.setEnabled(False)
            button.clicked.connect(lambda _checked=False, kind=kind: self._kind_clicked(kind))
            self._kinds[kind] = button
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.caption, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        column.addWidget(self.strip)
        column.addWidget(self.transport)
        column.addLayout(row)
        if large_text():
            row = QHBoxLayout()
            row.setSpacing(4)
            row.addStretch(1)
            column.addLayout(row)
        row.addWidget(self.drift_text)
        row.addWidget(self.drift)
        row.addSpacing(8)
        row.addWidget(self.detections)
        row.addWidget(self.threshold)
        row.addWidget(self.found)
        row.addWidget(self.live)
        row.addWidget(self.handle)

    # -- moving

    def handle_key(self, key: int) -> bool:
        """Move by an arrow key, Home or End, or play by J, K or L; False for other keys."""
        moves: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Left: lambda: self._run.move_step(-1),
            Qt.Key.Key_Right: lambda: self._run.move_step(1),
            Qt.Key.Key_Up: lambda: self._run.move_frame(-1),
            Qt.Key.Key_Down: lambda: self._run.move_frame(1),
            Qt.Key.Key_Home: lambda: self.transport.to_end(0),
            Qt.Key.Key_End: lambda: self.transport.to_end(-1),
            Qt.Key.Key_J: lambda: self.player.play(-1),
            Qt.Key.Key_K: self.player.toggle,
            Qt.Key.Key_L: lambda: self.player.play(1),
        }
        move = moves.get(Qt.Key(key))
        if move is None:
            return False
        move()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() or not self.handle_key(event.key()):
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: object) -> bool:
        # The slider would take the arrow keys for itself, and move by frames only.
        if watched is self.slider and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return not event.modifiers() and self.handle_key(event.key())
        return False

    def _kind_clicked(self, kind: FrameKind) -> None:
        if self._run.position is not None:
            self._run.go_to(Position(self._run.position.step, kind))
        self._refresh()  # a click on the shown kind's button must not switch it off

    def _live_clicked(self, checked: bool) -> None:
        if checked:
            self._run.follow()
        else:
            self._run.following = False

    def _strip_menu(self, place: QPoint) -> None:
        index = self.strip.indexAt(place)
        if index.isValid():
            self._run.go_to_step(index.row())
        self.menu_wanted.emit(self.strip.viewport().mapToGlobal(place))

    # -- showing

    def _refresh(self) -> None:
        self.live.setEnabled(self._run.active)
        self.live.setChecked(self._run.active and self._run.following)
        position = self._run.position
        frames = self._run.steps[position.step].frames if position is not None else {}
        for kind, button in self._kinds.items():
            button.setEnabled(kind in frames)
            button.setChecked(position is not None and position.kind is kind)
        self.caption.show_line(self._caption(position))
        self._describe_frame(position)
        drift = self._run.shown.drift if self._run.shown is not None else None
        self.drift.setValue(round(1000 * min((drift or 0.0) / _FULL_DRIFT, 1.0)))
        self.drift_text.setText(self.tr("drift {:.2f}").format(drift) if drift is not None else "")
        self.drift.setVisible(drift is not None)
        about = self.tr("Mean change of the pixels that were to be kept, of 255. In pixel mode exact it is 0.")
        self.drift.setToolTip(about)
        self.drift_text.setToolTip(about)
        self._show_found()

    def _describe_frame(self, position: Position | None) -> None:
        """Say which frame is seen where only a place among all frames is shown."""
        self.slider.setAccessibleDescription(self._caption(position))
        kind = self._kind_text(position, self._run.steps[position.step].iterations) if position is not None else ""
        live = self._run.active and self._run.following
        self.strip.show_frame(kind, moved=not live and self.player.direction == 0)

    def _show_found(self) -> None:
        position = self._run.position
        text = f"{self._results.threshold:.2f}"
        if position is not None and self._run.steps[position.step].detections is not None:
            objects = [result for result in self._results.objects() if result.step is not None]
            present = [result.item.id for result in objects if (result.step or 0) <= position.step]
            hits = self._results.hits(position.step)
            text += self.tr(" · {} of {} found").format(len(hits), len(present))
        self.found.setText(text)
        self.found.setToolTip(self._results.note())

    def _caption(self, position: Position | None) -> str:
        if position is None:
            return {
                RunState.NONE: self.tr("No run yet. Generate paints the layout and shows every step here."),
                RunState.LOADING: self.tr("Loading the model…"),
                RunState.RUNNING: self.tr("Painting the first step…"),
            }.get(self._run.state, self.tr("Nothing was painted."))
        view = self._run.steps[position.step]
        kind = self._kind_text(position, view.iterations)
        text = self.tr("Step {} of {} · {} · {}").format(position.step + 1, len(self._run.steps), view.label, kind)
        if view.seed is not None:
            text += self.tr(" · seed {}").format(view.seed)
        if view.state is StepState.FAILED:
            text += self.tr(" · failed")
        return f"{text} · {view.problem}" if view.problem else text

    def _kind_text(self, position: Position, iterations: int) -> str:
        if position.kind is FrameKind.PREVIEW:
            return self.tr("denoising {} of {}").format(position.iteration, iterations)
        return {
            FrameKind.CONTEXT: self.tr("context"),
            FrameKind.MASK: self.tr("mask"),
            FrameKind.RAW: self.tr("raw output"),
            FrameKind.COMPOSITE: self.tr("composite"),
        }[position.kind]
