"""The canvas: shows a layout over a picture; mouse and keys change the document through its parts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ui.canvas import accessible
from ui.canvas.keyboard import Keyboard
from ui.canvas.label_editor import LabelEditor
from ui.canvas.labelling import Labelling
from ui.canvas.painting import screen_rect
from ui.canvas.pointer import Pointer
from ui.canvas.renderer import Renderer
from ui.canvas.scene import Scene
from ui.canvas.tool import Tool
from ui.canvas.view_control import ViewControl
from ui.canvas.viewport import Viewport
from ui.comfort import paint_focus
from ui.completion import Suggest
from ui.document import Document

__all__ = ["ZOOM_STEP", "Canvas", "Tool"]

ZOOM_STEP = 1.25


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
    picture_changed = Signal()
    """Another picture is shown, or boxes are shown or hidden."""
    label_accepted = Signal(str)
    """A prompt was typed in place."""

    def __init__(self, document: Document, suggest: Suggest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessible.install()
        self.described: accessible.CanvasDescription | None = None
        """What screen readers are told, when one has asked."""
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 200)
        self._document = document
        self._scene = Scene(document.layout)
        self._renderer = Renderer(self.palette())
        self._size = document.layout.size
        self.views = ViewControl(self, lambda: document.layout.size)
        self.pointer = Pointer(document, self._scene, self.views, self)
        self._keyboard = Keyboard(document, self._scene, self.views, self.pointer, self)
        self._labelling = Labelling(document, self, suggest)
        self._connect()

    def _connect(self) -> None:
        document, pointer, views = self._document, self.pointer, self.views
        views.changed.connect(self._view_changed)
        views.scaled.connect(self.zoom_changed)
        views.settled.connect(self.update)
        pointer.changed.connect(self._gesture_changed)
        pointer.tool_changed.connect(self.tool_changed)
        pointer.label_wanted.connect(self.edit_label)
        self._keyboard.label_wanted.connect(self.edit_label)
        self._keyboard.arrow_unused.connect(self.arrow_unused)
        self._keyboard.number_pressed.connect(self.number_pressed)
        self._labelling.labelled.connect(self.label_accepted)
        self._labelling.ended.connect(self.update)
        document.layout_changed.connect(self._layout_changed)
        document.selection_changed.connect(self._selection_changed)
        document.replaced.connect(self._replaced)
        document.gesture_ended.connect(pointer.end)

    # -- what the window asks for

    @property
    def document(self) -> Document:
        """What is shown and edited."""
        return self._document

    @property
    def scene(self) -> Scene:
        """The visible objects."""
        return self._scene

    @property
    def tool(self) -> Tool:
        return self.pointer.tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what a drag on an empty place does."""
        self.pointer.set_tool(tool)

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies in the widget at present."""
        return self.views.view

    @property
    def editor(self) -> LabelEditor:
        """The line edit that appears on boxes."""
        return self._labelling.editor

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def set_snapping(self, on: bool, grid: float = 0.0) -> None:
        """Whether drags are drawn to lines, and the spacing of a grid of them in picture pixels (0: none)."""
        self.pointer.snapping, self.pointer.grid = on, grid

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out at a point of the widget, by default its centre."""
        self.views.zoom(factor, at)

    def zoom_to(self, scale: float) -> None:
        """Show one picture pixel as ``scale`` screen pixels."""
        self.views.zoom(scale / self.viewport.scale)

    def fit(self) -> None:
        """Show the whole picture, also after the widget changes its size."""
        self.views.fit()

    def zoom_to_selection(self) -> None:
        """Show the selected objects as large as possible."""
        bounds = self._scene.bounds(self._document.selection)
        if bounds is not None:
            self.views.show_area(bounds)

    def set_picture(self, picture: QImage | None, notice: str = "") -> None:
        """Show a picture behind the boxes, stretched to the layout; ``notice`` says why there is none."""
        self._renderer.set_picture(picture, notice)
        self._picture_changed()

    def set_reference(self, picture: QImage | None, opacity: float) -> None:
        """Show a picture to draw after, under everything else; ``opacity`` from 0 to 1."""
        self._renderer.set_reference(picture, opacity)
        self._picture_changed()

    def set_picture_visible(self, visible: bool) -> None:
        """Show or hide the run's picture."""
        self._renderer.picture_visible = visible
        self._picture_changed()

    @property
    def boxes_visible(self) -> bool:
        return self._renderer.boxes_visible

    def set_boxes_visible(self, visible: bool) -> None:
        """Show or hide all boxes, to see the picture alone."""
        self._renderer.boxes_visible = self.pointer.boxes_shown = visible
        self._picture_changed()

    def set_pixel_grid(self, on: bool) -> None:
        """Whether a grid shows the pixels when they are large enough."""
        self._renderer.pixel_grid = on
        self._redraw()

    def set_dashed(self, on: bool) -> None:
        """Whether every colour of boxes has dashes of its own."""
        self._renderer.dashed = on
        self._redraw()

    def paint_overview(self, painter: QPainter, view: Viewport) -> None:
        """Paint picture and boxes with another view, without names and handles."""
        self._renderer.paint_overview(painter, view, self._scene, self._document.layout.size)

    def edit_label(self, object_id: str) -> None:
        """Type the prompt of this object on its box."""
        shown = self._scene.get(object_id)
        if shown is not None:
            self._labelling.start(object_id, shown.item.prompt, screen_rect(shown.edges, self.viewport))

    def add_box(self) -> None:
        """Add a box in the middle of what is seen, and type its prompt."""
        self._keyboard.add()

    def abort(self) -> bool:
        """End the drag under way as if it had not begun; False when there is none."""
        return self.pointer.abort()

    def describe(self) -> str:
        """What is on it and what of that is selected, for screen readers."""
        layout, chosen = self._document.layout, self._document.selected
        if chosen:
            names = ", ".join(item.prompt or self.tr("no prompt") for item in chosen[:5])
            return self.tr("{} selected: {}").format(len(chosen), names)
        if layout.objects:
            return self.tr("Objects: {}. None is selected; Page Down goes from one to the next.").format(
                len(layout.objects)
            )
        return self.tr("No objects yet; Object › New box adds one.")

    # -- following the document, the pointer and the view

    def _layout_changed(self) -> None:
        size = self._document.layout.size
        resized, self._size = size != self._size, size
        places = self._scene.update(self._document.layout)
        if resized:
            self._renderer.invalidate()
            self.views.size_changed()
        else:
            self._renderer.outdate(places)  # first: what begins to move now has left the place where it was
        self._renderer.set_active(self.pointer.active, self._scene)
        accessible.tell_change(self)
        self.update()

    def _selection_changed(self) -> None:
        if self.hasFocus():
            accessible.tell_selection(self)
        chosen = self._document.selection
        bounds = self._scene.bounds(chosen) if len(chosen) == 1 else None
        if bounds is not None and self.pointer.idle:  # chosen in a list or among the problems: show where it is
            self.views.reveal(bounds)
        self.update()

    def _replaced(self) -> None:
        self.editor.reject()
        self.pointer.end()
        self.set_tool(Tool.SELECT if self._document.layout.objects else Tool.DRAW)
        self.fit()

    def _gesture_changed(self) -> None:
        self._renderer.set_active(self.pointer.active, self._scene)
        self.update()

    def _view_changed(self) -> None:
        self.editor.accept()
        self._renderer.view_changed()
        self.update()

    # -- painting

    def _redraw(self) -> None:
        self._renderer.invalidate()
        self.update()

    def _picture_changed(self) -> None:
        self._redraw()
        self.picture_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._renderer.paint(
            self,
            event.rect(),
            view=self.viewport,
            scene=self._scene,
            size=self._document.layout.size,
            selection=self._document.selection,
            handles=self.pointer.band is None and not self._labelling.active,
            band=self.pointer.band,
            guides=self.pointer.guides,
            settled=self.views.at_rest,
        )
        with QPainter(self) as painter:
            paint_focus(painter, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.views.size_changed()
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._renderer.set_palette(self.palette())
            self.update()

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer_moved.emit(self.views.point(event.position()))
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointer.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels = event.pixelDelta()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not pixels.isNull() and not control:  # a touchpad: two fingers pan, as everywhere
            self.views.pan(pixels.x(), pixels.y())
        else:
            turned = event.angleDelta().y() or event.angleDelta().x()
            self.zoom(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1 + event.value(), event.position())  # two fingers on a touchpad spread or pinch
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        found: list[str] = []
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            found = self.pointer.objects_at(QPointF(event.pos()))
            if found and found[0] not in self._document.selection:
                self._document.select(found[:1])
        self.context_requested.emit(event.globalPos(), found)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointer_moved.emit(None)

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keyboard.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._keyboard.release(event):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Qt tells the focus of the canvas itself after this; what is selected on it is told after that.
        QTimer.singleShot(0, self, self._tell_selection)

    def _tell_selection(self) -> None:
        if self.hasFocus() and self._document.selection:
            accessible.tell_selection(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.pointer.hold_to_pan(False)
