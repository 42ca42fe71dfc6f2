"""The canvas: shows a layout over a picture and turns mouse and keys into gestures on the document."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from engine.layout import PixelBox
from ui import edits
from ui.canvas import cursors
from ui.canvas.geometry import union
from ui.canvas.gestures import Aids, BandGesture, DrawGesture, Gesture, Keys, MoveGesture, Point, ResizeGesture
from ui.canvas.hit import Hit, all_at, hit_test
from ui.canvas.keys import keys_of
from ui.canvas.label_editor import LabelEditor
from ui.canvas.labelling import Labelling
from ui.canvas.painting import screen_rect
from ui.canvas.renderer import Renderer
from ui.canvas.scene import Scene
from ui.canvas.snap import REACH, Snapper
from ui.canvas.viewport import Viewport, fitted
from ui.completion import Suggest
from ui.document import Document

DRAG_STARTS = 3.0
"""Screen pixels that the pointer must move before a press becomes a drag."""

ZOOM_STEP = 1.25

SETTLES = 120
"""Milliseconds after the last zoom or pan when a view of many boxes is painted anew."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Tool(StrEnum):
    """What a drag on an empty place does: draw a box, or select with a rubber band."""

    SELECT = "select"
    DRAW = "draw"


class Canvas(QWidget):
    """Boxes over a picture. All changes go through the document; the canvas keeps only what it shows."""

    tool_changed = Signal(str)
    zoom_changed = Signal(float)
    pointer_moved = Signal(object)
    """Picture coordinates (x, y) under the pointer, or None when it left."""
    context_requested = Signal(object, object)
    """A context menu is wanted: global position, ids of the objects there (topmost first)."""
    arrow_unused = Signal(int)
    """An arrow key was pressed while nothing is selected (its Qt.Key)."""
    number_pressed = Signal(int)
    """One of the keys 1 … 9 was pressed while something is selected."""
    label_accepted = Signal(str)
    """A prompt was typed in place."""

    def __init__(self, document: Document, suggest: Suggest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 200)
        self._document = document
        self._scene = Scene(document.layout)
        self._renderer = Renderer(self.palette())
        self._view = Viewport()
        self._follows_size = True
        self._tool = Tool.DRAW
        self._gesture: Gesture | None = None
        self._pressed: tuple[Point, Hit | None, Keys] | None = None
        self._pan_from: QPointF | None = None
        self._space = False
        self.snapping = True
        """Whether drags are drawn to the lines of other boxes and of the picture."""
        self.grid = 0.0
        """Spacing of the grid to snap to, in picture pixels; 0 for none."""
        self._nudges = 0
        self._alt_clicked: str | None = None
        self._settled = QTimer(self, singleShot=True, interval=SETTLES)
        self._settled.timeout.connect(self._view_settled)
        self._labelling = Labelling(document, self, suggest)
        self._labelling.labelled.connect(self.label_accepted)
        self._labelling.ended.connect(self.update)
        document.layout_changed.connect(self._layout_changed)
        document.selection_changed.connect(self._selection_changed)
        document.replaced.connect(self._replaced)
        document.gesture_ended.connect(self._end_gesture)

    # -- what the window asks for

    @property
    def document(self) -> Document:
        """What is shown and edited."""
        return self._document

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what a drag on an empty place does."""
        if tool != self._tool:
            self._tool = tool
            self._show_cursor(None)
            self.tool_changed.emit(tool)

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies in the widget at present."""
        return self._view

    @property
    def editor(self) -> LabelEditor:
        """The line edit that appears on boxes."""
        return self._labelling.editor

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out at a point of the widget, by default its centre."""
        place = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        self._set_view(self._view.zoomed(factor, place.x(), place.y()))

    def zoom_to(self, scale: float) -> None:
        """Show one picture pixel as ``scale`` screen pixels."""
        self.zoom(scale / self._view.scale)

    def fit(self) -> None:
        """Show the whole picture, also after the widget changes its size."""
        width, height = self._document.layout.size
        self._set_view(fitted((0, 0, width, height), (self.width(), self.height())), follow=True)

    def zoom_to_selection(self) -> None:
        """Show the selected objects as large as possible."""
        bounds = union(entry.edges for entry in self._scene.of(self._document.selection))
        if bounds is not None:
            self._set_view(fitted(bounds, (self.width(), self.height()), margin=80))

    def set_picture(self, picture: QImage | None, notice: str = "") -> None:
        """Show a picture behind the boxes, stretched to the layout; ``notice`` says why there is none."""
        self._renderer.set_picture(picture, notice)
        self.update()

    def set_patch(
        self, patch: QImage | None, window: PixelBox | None = None, size: tuple[int, int] | None = None
    ) -> None:
        """Show a preview over the picture, at ``window`` of a run of ``size`` pixels."""
        self._renderer.set_patch(patch, window, size)
        self.update()

    def set_reference(self, picture: QImage | None, opacity: float) -> None:
        """Show a picture to draw after, under everything else; ``opacity`` from 0 to 1."""
        self._renderer.set_reference(picture, opacity)
        self.update()

    def set_picture_visible(self, visible: bool) -> None:
        """Show or hide the run's picture."""
        self._renderer.picture_visible = visible
        self._redraw()

    @property
    def boxes_visible(self) -> bool:
        return self._renderer.boxes_visible

    def set_boxes_visible(self, visible: bool) -> None:
        """Show or hide all boxes, to see the picture alone."""
        self._renderer.boxes_visible = visible
        self._redraw()

    def edit_label(self, object_id: str) -> None:
        """Type the prompt of this object on its box."""
        shown = self._scene.get(object_id)
        if shown is None:
            return
        self._labelling.start(object_id, shown.item.prompt, screen_rect(shown.edges, self._view))

    def abort(self) -> bool:
        """End the drag under way as if it had not begun; False when there is none."""
        if self._gesture is None:
            return False
        self._gesture.abort()
        self._end_gesture()
        return True

    # -- document

    def _layout_changed(self) -> None:
        self._scene.update(self._document.layout)
        active = self._gesture.active if self._gesture else frozenset()
        if self._renderer.set_active(active) or not active:
            self._renderer.invalidate()
        self.update()

    def _selection_changed(self) -> None:
        chosen = self._document.selected
        names = ", ".join(item.prompt or self.tr("no prompt") for item in chosen[:5])
        self.setAccessibleDescription(self.tr("{} selected: {}").format(len(chosen), names) if chosen else "")
        self.update()

    def _replaced(self) -> None:
        self.editor.reject()
        self._gesture = self._pressed = None
        self._renderer.set_active(frozenset())
        self.set_tool(Tool.SELECT if self._document.layout.objects else Tool.DRAW)
        self.fit()

    # -- painting

    def _redraw(self) -> None:
        self._renderer.invalidate()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        band = self._gesture.band if isinstance(self._gesture, BandGesture) else None
        self._renderer.paint(
            self,
            event.rect(),
            view=self._view,
            scene=self._scene,
            size=self._document.layout.size,
            selection=self._document.selection,
            handles=self._handles_shown(),
            band=band,
            guides=self._gesture.guides if self._gesture is not None else (),
        )

    def _handles_shown(self) -> bool:
        return not isinstance(self._gesture, BandGesture) and not self._labelling.active

    def _set_view(self, view: Viewport, *, follow: bool = False) -> None:
        self._follows_size = follow
        if view != self._view:
            changed = view.scale != self._view.scale
            self._view = view
            self.editor.accept()
            self._renderer.settled = False
            self._renderer.view_changed()
            self._settled.start()
            self.update()
            if changed:
                self.zoom_changed.emit(view.scale)

    def _view_settled(self) -> None:
        self._renderer.settled = True
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._follows_size:
            self.fit()
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._renderer.set_palette(self.palette())
            self.update()

    # -- mouse

    def _point(self, position: QPointF) -> Point:
        return self._view.to_picture(position.x(), position.y())

    def _hit(self, point: Point) -> Hit | None:
        if not self.boxes_visible:
            return None
        selection = self._scene.resizable_bounds(self._document.selection)
        return hit_test(self._scene.targets, point, scale=self._view.scale, selection=selection)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._space
        ):
            self._pan_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if event.button() == Qt.MouseButton.RightButton:
            self.abort()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point, keys = self._point(event.position()), keys_of(event)
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

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._point(event.position())
        self.pointer_moved.emit(point)
        if self._pan_from is not None:
            delta = event.position() - self._pan_from
            self._pan_from = event.position()
            self._set_view(self._view.panned(delta.x(), delta.y()))
        elif self._pressed is not None:
            self._drag(point, keys_of(event))
        elif self._gesture is not None:  # between two clicks
            self._gesture.move(point, keys_of(event))
            self._renderer.set_active(self._gesture.active)
            self.update()
        else:
            self._show_cursor(point)

    def _drag(self, point: Point, keys: Keys) -> None:
        assert self._pressed is not None
        start, hit, pressed_keys = self._pressed
        if self._gesture is None:
            distance = max(abs(point[0] - start[0]), abs(point[1] - start[1])) * self._view.scale
            if distance < DRAG_STARTS:
                return
            self._gesture = self._new_gesture(start, hit, pressed_keys)
            self._renderer.set_active(self._gesture.active)
        self._gesture.move(point, keys)
        self.update()

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
        return Aids(Snapper(others, self._document.layout.size, grid=self.grid), REACH / self._view.scale)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self._show_cursor(self._point(event.position()))
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
        self._end_gesture()
        if isinstance(gesture, DrawGesture) and gesture.created is not None:
            self.edit_label(gesture.created)

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
        found = all_at(self._scene.targets, point, scale=self._view.scale)
        if found:
            chosen = next((place for place, name in enumerate(found) if name == self._alt_clicked), -1)
            self._alt_clicked = found[(chosen + 1) % len(found)]
            self._document.select((self._alt_clicked,))

    def _end_gesture(self) -> None:
        # Also when another command, such as undo by its key, ended the document's gesture in the middle of a drag.
        self._gesture = self._pressed = None
        self._renderer.set_active(frozenset())
        self._redraw()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        found = all_at(self._scene.targets, self._point(event.position()), scale=self._view.scale)
        chosen = next((name for name in found if name in self._document.selection), found[0] if found else None)
        if chosen is not None and self.boxes_visible:
            self._document.select((chosen,))
            self.edit_label(chosen)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels = event.pixelDelta()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not pixels.isNull() and not control:  # a touchpad: two fingers pan, as everywhere
            self._set_view(self._view.panned(pixels.x(), pixels.y()))
        else:
            turned = event.angleDelta().y() or event.angleDelta().x()
            self.zoom(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        found: list[str] = []
        if not by_key:
            found = all_at(self._scene.targets, self._point(QPointF(event.pos())), scale=self._view.scale)
            if found and found[0] not in self._document.selection:
                self._document.select(found[:1])
        self.context_requested.emit(event.globalPos(), found)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointer_moved.emit(None)

    def _show_cursor(self, point: Point | None) -> None:
        hit = self._hit(point) if point is not None else None
        self.setCursor(cursors.cursor_for(hit, drawing=self._tool is Tool.DRAW, panning=self._space))

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            if not self.abort():
                self._document.select(())
        elif key in _ARROWS:
            self._nudge(key, event)
        elif key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._document.selection:
            self.edit_label(self._document.selection[-1])
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not event.modifiers() and self._document.selection:
            self.number_pressed.emit(key - Qt.Key.Key_0)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self._show_cursor(None)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor(None)
        else:
            super().keyReleaseEvent(event)

    def _nudge(self, key: Qt.Key, event: QKeyEvent) -> None:
        movable = [item for item in self._document.selected if not item.locked]
        if not movable:
            self.arrow_unused.emit(key)
            return
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if not event.isAutoRepeat():
            self._nudges += 1  # a held key is one undo entry, each press its own
        layout = self._document.layout
        across, along = (far * part for part in _ARROWS[key])
        self._document.apply(
            f"Nudge {edits.count_words(len(movable))}",
            edits.move(layout, [item.id for item in movable], across, along),
            merge=f"nudge {self._nudges}",
        )

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._space = False
