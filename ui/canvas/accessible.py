"""What a screen reader finds on the canvas: its objects as children, each with name, place and state; then its editor.

Objects have no actions of their own: an action interface written in Python ends the program when a screen reader asks
for it (PySide 6.11, tried with AT-SPI). What can be done with them is done by the canvas's keys.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from ui.canvas.painting import Shown, screen_rect

if TYPE_CHECKING:
    from ui.canvas.canvas import Canvas


@cache
def install() -> None:
    """Let Qt ask here when it needs to describe a canvas. Qt keeps its factories for the whole process."""
    QAccessible.installFactory(_described)


def _described(_class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    from ui.canvas.canvas import Canvas

    if not isinstance(thing, Canvas):
        return None
    # Qt owns what a factory returns; the widget keeps the Python part of it alive for as long.
    thing.described = CanvasDescription(thing)
    return thing.described


def tell_selection(canvas: Canvas) -> None:
    """Let screen readers say the object that was selected last, or that none is any more."""
    if QAccessible.isActive():
        described = description_of(canvas)
        described.changes()  # of another object there are none to tell
        current = described.focusChild() or described
        QAccessible.updateAccessibility(QAccessibleEvent(current, QAccessible.Event.Focus))


def tell_change(canvas: Canvas) -> None:
    """Let screen readers say what has become of the current object: its prompt, its place, its size."""
    if QAccessible.isActive():
        current, kinds = description_of(canvas).changes()
        for kind in kinds:
            QAccessible.updateAccessibility(QAccessibleEvent(current, kind))


def description_of(canvas: Canvas) -> CanvasDescription:
    """What screen readers are told of a canvas."""
    found = QAccessible.queryAccessibleInterface(canvas)
    assert isinstance(found, CanvasDescription)
    return found


class CanvasDescription(QAccessibleWidget):
    """The canvas: a list whose children are the visible objects in painting order, then what lies over them."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, QAccessible.Role.List)
        self._canvas = canvas
        self._things: dict[str, ObjectDescription] = {}
        self._told: tuple[str, str, str] | None = None

    def text(self, kind: QAccessible.Text) -> str:
        return self._canvas.describe() if kind == QAccessible.Text.Description else super().text(kind)

    def childCount(self) -> int:
        return len(self._canvas.scene.shown) + len(self._widgets)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        shown, widgets = self._canvas.scene.shown, self._widgets
        if 0 <= index < len(shown):
            return self._of(shown[index].item.id)
        index -= len(shown)
        return QAccessible.queryAccessibleInterface(widgets[index]) if 0 <= index < len(widgets) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        known = [entry.item.id for entry in self._canvas.scene.shown] + self._widgets
        wanted = child.name if isinstance(child, ObjectDescription) else child.object()
        return known.index(wanted) if wanted in known else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        place = self._canvas.mapFromGlobal(QPoint(x, y))
        widget = self._canvas.childAt(place)
        if widget is not None:
            return QAccessible.queryAccessibleInterface(widget)
        found = self._canvas.pointer.objects_at(place.toPointF())
        return self._of(found[0]) if found else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes None
        if self._canvas.editor.hasFocus():
            return QAccessible.queryAccessibleInterface(self._canvas.editor)
        chosen = self._canvas.document.selection
        if chosen and self._canvas.scene.get(chosen[-1]) is not None:
            return self._of(chosen[-1])
        return None

    def changes(self) -> tuple[QAccessibleInterface, list[QAccessible.Event]]:
        """The current object, and what of it has changed since this was last asked: its name, its description."""
        current = self.focusChild()
        before, self._told = self._told, None
        if isinstance(current, ObjectDescription):
            self._told = current.name, current.text(QAccessible.Text.Name), current.text(QAccessible.Text.Description)
        if current is None or before is None or self._told is None or before[0] != self._told[0]:
            return self, []
        events = (QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged)
        return current, [kind for kind, old, new in zip(events, before[1:], self._told[1:], strict=True) if old != new]

    @property
    def _widgets(self) -> list[QWidget]:
        """What lies over the canvas now: the editor of a prompt."""
        found = self._canvas.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [widget for widget in found if widget.isVisible() and not widget.isWindow()]

    def _of(self, name: str) -> ObjectDescription:
        """The description of this object, the same one every time: readers compare them."""
        if name not in self._things:
            self._things[name] = ObjectDescription(self._canvas, self, name)
        return self._things[name]


class ObjectDescription(QAccessibleInterface):
    """One object of the canvas, known by its id; it is not valid any more when the object has gone."""

    def __init__(self, canvas: Canvas, parent: CanvasDescription, name: str) -> None:
        super().__init__()
        self._canvas = canvas
        self._parent = parent
        self.name = name

    @property
    def _shown(self) -> Shown | None:
        return self._canvas.scene.get(self.name)

    # -- what it is

    def isValid(self) -> bool:
        return self._shown is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # as with focusChild
        return self._canvas.window().windowHandle()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        shown = self._shown
        if shown is None:
            return ""
        if kind == QAccessible.Text.Name:
            prompt = shown.item.prompt or QCoreApplication.translate("CanvasDescription", "no prompt yet")
            return QCoreApplication.translate("CanvasDescription", "Object {}: {}").format(shown.number, prompt)
        if kind == QAccessible.Text.Description:
            box = shown.item.box.to_pixels(*self._canvas.document.layout.size)
            told = QCoreApplication.translate("CanvasDescription", "{} × {} pixels at {}, {}")
            return told.format(box.width, box.height, box.x0, box.y0)
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Prompts are typed on the canvas."""

    def rect(self) -> QRect:
        shown = self._shown
        if shown is None:
            return QRect()
        area = screen_rect(shown.edges, self._canvas.viewport)
        return QRect(self._canvas.mapToGlobal(area.topLeft()), area.size())

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        selection = self._canvas.document.selection
        state.selectable = state.multiSelectable = state.focusable = True
        state.selected = self.name in selection
        state.focused = self._canvas.hasFocus() and selection[-1:] == (self.name,)
        shown = self._shown
        state.invalid = shown is None
        state.movable = state.sizeable = shown is not None and not shown.item.locked
        state.readOnly = shown is not None and shown.item.locked
        return state

    # -- where it is

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1
