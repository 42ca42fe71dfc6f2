"""The timeline: the film strip, a slider through all frames, and which frame is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from ui.timeline.model import FrameKind, Position, RunModel, RunState, StepState
from ui.timeline.pictures import PictureCache
from ui.timeline.strip import StepStrip


class TimelinePanel(QWidget):
    """Shows a run and moves through its frames: left and right by steps, up and down by frames."""

    boxes_toggled = Signal(bool)

    def __init__(self, run: RunModel, pictures: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self._run = run
        self.strip = StepStrip(run, pictures, self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("frameSlider")
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setEnabled(False)
        self.slider.valueChanged.connect(self._slid)
        self.caption = QLabel(self.tr("No run yet. Generate paints the layout and shows every step here."), self)
        self.caption.setObjectName("frameCaption")
        self._kinds: dict[FrameKind, QToolButton] = {}
        self.live = QToolButton(self)
        self.live.setText(self.tr("Live"))
        self.live.setToolTip(self.tr("Show each step as soon as it is painted"))
        self.live.setCheckable(True)
        self.live.setEnabled(False)
        self.live.clicked.connect(self._live_clicked)
        self._arrange()
        self.setFocusProxy(self.slider)
        self.slider.installEventFilter(self)
        run.reset.connect(self._refresh)
        run.step_changed.connect(self._refresh_range)
        run.state_changed.connect(self._refresh)
        run.position_changed.connect(self._refresh)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        group = QButtonGroup(self)
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
            group.addButton(button)
            self._kinds[kind] = button
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.caption, 1)
        row.addWidget(self.live)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        column.addWidget(self.strip)
        column.addWidget(self.slider)
        column.addLayout(row)

    # -- moving

    def handle_key(self, key: int) -> bool:
        """Move by an arrow key, Home or End; False for other keys."""
        moves = {
            Qt.Key.Key_Left: lambda: self._run.move_step(-1),
            Qt.Key.Key_Right: lambda: self._run.move_step(1),
            Qt.Key.Key_Up: lambda: self._run.move_frame(-1),
            Qt.Key.Key_Down: lambda: self._run.move_frame(1),
            Qt.Key.Key_Home: lambda: self._ends(0),
            Qt.Key.Key_End: lambda: self._ends(-1),
        }
        move = moves.get(Qt.Key(key))
        if move is None:
            return False
        move()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event.key()):
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: object) -> bool:
        # The slider would take the arrow keys for itself, and move by frames only.
        if watched is self.slider and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self.handle_key(event.key())
        return False

    def _ends(self, place: int) -> None:
        listed = self._run.positions()
        if listed:
            self._run.go_to(listed[place])

    def _slid(self, value: int) -> None:
        listed = self._run.positions()
        if value < len(listed):
            self._run.go_to(listed[value])

    def _kind_clicked(self, kind: FrameKind) -> None:
        if self._run.position is not None:
            self._run.go_to(Position(self._run.position.step, kind))

    def _live_clicked(self, checked: bool) -> None:
        if checked:
            self._run.follow()
        else:
            self._run.following = False

    # -- showing

    def _refresh_range(self) -> None:
        listed = self._run.positions()
        self.slider.blockSignals(True)
        self.slider.setEnabled(bool(listed))
        self.slider.setRange(0, max(len(listed) - 1, 0))
        if self._run.position in listed:
            self.slider.setValue(listed.index(self._run.position))
        self.slider.blockSignals(False)
        self.live.setEnabled(self._run.active)
        self.live.setChecked(self._run.active and self._run.following)

    def _refresh(self) -> None:
        self._refresh_range()
        position = self._run.position
        frames = self._run.steps[position.step].frames if position is not None else {}
        for kind, button in self._kinds.items():
            button.setEnabled(kind in frames)
            button.setChecked(position is not None and position.kind is kind)
        self.caption.setText(self._caption(position))

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
        if view.step.seed is not None:
            text += self.tr(" · seed {}").format(view.step.seed)
        if view.state is StepState.FAILED:
            text += self.tr(" · failed")
        return text

    def _kind_text(self, position: Position, iterations: int) -> str:
        if position.kind is FrameKind.PREVIEW:
            return self.tr("denoising {} of {}").format(position.iteration, iterations)
        return {
            FrameKind.CONTEXT: self.tr("context"),
            FrameKind.MASK: self.tr("mask"),
            FrameKind.RAW: self.tr("raw output"),
            FrameKind.COMPOSITE: self.tr("composite"),
        }[position.kind]
