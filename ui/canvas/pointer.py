"""The mouse over the canvas: from presses, moves and releases to gestures on the document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from ui.canvas import cursors
from ui.canvas.geometry import Edges
from ui.canvas.gestures import Aids, BandGesture, DrawGesture, Gesture, Keys, MoveGesture, Point, ResizeGesture
from ui.canvas.hit import Hit, all_at, hit_test
from ui.canvas.keys import keys_of
from ui.canvas.scene import Scene
from ui.canvas.snap import REACH, Guide, Snapper
from ui.canvas.tool import Tool
from ui.canvas.view_control import ViewControl
from ui.document import Document

DRAG_STARTS = 3.0
"""Screen pixels that the pointer must move before a press becomes a drag."""


class Pointer(QObject):
    """What the mouse is doing: nothing, panning, or a gesture that the document will keep or forget."""

    changed = Signal()
    """The gesture under way began, moved or ended: it has to be painted."""
    tool_changed = Signal(str)
    label_wanted = Signal(str)
    """The prompt of this object is to be typed."""

    def __init__(self, document: Document, scene: Scene, views: ViewControl, widget: QWidget) -> None:
        super().__init__(widget)
        self._document = document
        self._scene = scene
        self._views = views
        self._widget = widget
        self._tool = Tool.DRAW
        self._gesture: Gesture | None = None
        self._pressed: tuple[Point, Hit | None, Keys] | None = None
        self._pan_from: QPointF | None = None
        self._panning_key = False
        self._alt_clicked: str | None = None
        self.snapping = True
        """Whether drags are drawn to the lines of other boxes and of the picture."""
        self.grid = 0.0
        """Spacing of the grid to snap to, in picture pixels; 0 for none."""
        self.boxes_shown = True
        """Whether there is anything to hit."""

    # -- what is under way

    @property
    def idle(self) -> bool:
        """Whether no button is held and no gesture under way."""
        return self._pressed is None and self._gesture is None

    @property
    def active(self) -> frozenset[str]:
        """Ids of the objects that the gesture under way changes."""
        return self._gesture.active if self._gesture is not None else frozenset()

    @property
    def guides(self) -> Sequence[Guide]:
        """The lines that the gesture under way has snapped to."""
        return self._gesture.guides if self._gesture is not None else ()

    @property
    def band(self) -> Edges | None:
        """The rubber band, while there is one."""
        return self._gesture.band if isinstance(self._gesture, BandGesture) else None

    def abort(self) -> bool:
        """End the gesture under way as if it had not begun; False when there is none."""
        if self._gesture is None:
            return False
        self._gesture.abort()
        self.end()
        return True

    def end(self) -> None:
        """Forget the gesture: it is finished, or another command, such as undo by its key, has ended it."""
        self._gesture = self._pressed = None
        self.changed.emit()

    # -- how it works

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what a drag on an empty place does."""
        if tool != self._tool:
            self._tool = tool
            self.show_cursor(None)
            self.tool_changed.emit(tool)

    def hold_to_pan(self, held: bool) -> None:
        """While the key for it is held, a drag pans."""
        if held != self._panning_key:
            self._panning_key = held
            self.show_cursor(None)

    def show_cursor(self, point: Point | None) -> None:
        """Let the cursor tell what a press at this picture point would do."""
        hit = self._hit(point) if point is not None else None
        self._widget.setCursor(cursors.cursor_for(hit, drawing=self._tool is Tool.DRAW, panning=self._panning_key))

    def objects_at(self, position: QPointF) -> list[str]:
        """Ids of the objects at a place of the widget, the topmost first."""
        if not self.boxes_shown:
            return []
        return all_at(self._scene.targets, self._views.point(position), scale=self._views.view.scale)

    def _hit(self, point: Point) -> Hit | None:
        if not self.boxes_shown:
            return None
        selection = self._scene.resizable_bounds(self._document.selection)
        return hit_test(self._scene.targets, point, scale=self._views.view.scale, selection=selection)

    # -- the mouse

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._panning_key
        ):
            self._pan_from = event.position()
            self._widget.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.RightButton:
            self.abort()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._grab(self._views.point(event.position()), keys_of(event))

    def _grab(self, point: Point, keys: Keys) -> None:
        if self._gesture is not None:  # the second click
            self._gesture.move(point, keys)
            self._finish(self._gesture)
            return
        hit = self._hit(point)
        self._pressed = (point, hit, keys)
        grabbed = hit.object_id if hit is not None else None
        self._alt_clicked = self._document.selection[-1] if keys.alt and self._document.selection else None
        selected = grabbed is None or grabbed in self._document.selection
        if self._tool is Tool.SELECT and grabbed is not None and not selected and not keys.shift:
            self._document.select((grabbed,))

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button held."""
        point = self._views.point(event.position())
        if self._pan_from is not None:
            delta = event.position() - self._pan_from
            self._pan_from = event.position()
            self._views.pan(delta.x(), delta.y())
        elif self._pressed is not None:
            self._drag(point, keys_of(event))
        elif self._gesture is not None:  # between two clicks
            self._gesture.move(point, keys_of(event))
            self.changed.emit()
        else:
            self.show_cursor(point)

    def _drag(self, point: Point, keys: Keys) -> None:
        assert self._pressed is not None
        start, hit, pressed_keys = self._pressed
        if self._gesture is None:
            distance = max(abs(point[0] - start[0]), abs(point[1] - start[1])) * self._views.view.scale
            if distance < DRAG_STARTS:
                return
            self._gesture = self._new_gesture(start, hit, pressed_keys)
        self._gesture.move(point, keys)
        self.changed.emit()

    def _new_gesture(self, start: Point, hit: Hit | None, keys: Keys) -> Gesture:
        if hit is not None and hit.handle is not None:
            return ResizeGesture(self._document, hit.handle, start, self._aids(self._document.selection))
        if self._tool is Tool.DRAW:
            return DrawGesture(self._document, start, self._aids(()))
        if hit is not None and hit.object_id is not None:
            if hit.object_id not in self._document.selection:  # pressed with Shift
                self._document.toggle(hit.object_id)
            moving = () if keys.alt else self._document.selection
            return MoveGesture(self._document, start, self._aids(moving), copying=keys.alt)
        return BandGesture(self._document, self._scene.targets, start, extend=keys.shift)

    def _aids(self, moving: Sequence[str]) -> Aids:
        if not self.snapping:
            return Aids()
        out = set(moving)
        others = (target.edges for target in self._scene.targets if target.id not in out)
        return Aids(Snapper(others, self._document.layout.size, grid=self.grid), REACH / self._views.view.scale)

    def release(self, event: QMouseEvent) -> None:
        """A button went up."""
        if self._pan_from is not None:
            self._pan_from = None
            self.show_cursor(self._views.point(event.position()))
            return
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        (point, hit, keys), self._pressed = self._pressed, None
        if self._gesture is None:
            self._click(point, hit, keys)
        else:
            self._finish(self._gesture)

    def _finish(self, gesture: Gesture) -> None:
        gesture.finish()
        self.end()
        if isinstance(gesture, DrawGesture) and gesture.created is not None:
            self.label_wanted.emit(gesture.created)

    def _click(self, point: Point, hit: Hit | None, keys: Keys) -> None:
        if hit is not None and hit.handle is not None:
            return
        if hit is None or hit.object_id is None:
            if not keys.shift:
                self._document.select(())
            if self._tool is Tool.DRAW:  # the first of two clicks that draw a box
                self._gesture = DrawGesture(self._document, point, self._aids(()))
        elif keys.shift:
            self._document.toggle(hit.object_id)
        elif keys.alt:
            self._select_next(point)
        else:
            self._document.select((hit.object_id,))

    def _select_next(self, point: Point) -> None:
        """Of the objects that lie here over each other, select the one under the selected one."""
        found = all_at(self._scene.targets, point, scale=self._views.view.scale)
        if found:
            chosen = next((place for place, name in enumerate(found) if name == self._alt_clicked), -1)
            self._alt_clicked = found[(chosen + 1) % len(found)]
            self._document.select((self._alt_clicked,))

    def double_click(self, event: QMouseEvent) -> None:
        """A second press came quickly: on an object it asks for the prompt, elsewhere it is a press."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        found = self.objects_at(event.position())
        chosen = next((name for name in found if name in self._document.selection), found[0] if found else None)
        if chosen is None:
            self.press(event)
        else:
            self._document.select((chosen,))
            self.label_wanted.emit(chosen)
