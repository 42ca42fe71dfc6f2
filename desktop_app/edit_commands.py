"""The commands that change what is selected."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop_app import clipboard
from desktop_app.menu_table import CONTEXT
from engine.layout import Layout
from ui import arrange, edits, skills
from ui.canvas.canvas import Canvas
from ui.canvas.geometry import edges_of
from ui.document import Document
from ui.edit_names import edit_name

COPY_OFFSET = 12.0
"""How far a duplicate lies from its original, in picture pixels."""


class EditCommands:
    """Each method is one menu entry and makes one undo entry."""

    def __init__(self, document: Document, canvas: Canvas) -> None:
        self._document = document
        self._canvas = canvas

    def cut(self) -> None:
        """Copy the selected objects and remove them."""
        if self.copy():
            self._apply("cut", edits.delete(self._document.layout, self._document.selection))

    def copy(self) -> bool:
        """Put the selected objects on the clipboard, as text that is a layout file."""
        chosen = self._document.selected
        if not chosen:
            return False
        clipboard.put(self._document.layout, chosen)
        return True

    def paste(self, text: str) -> None:
        """Add the objects that a text from the clipboard describes, in whatever layout format.

        Raises:
            BoxpaintError: It is no layout.
        """
        found = clipboard.parse(text)
        layout = self._document.layout
        boxes = {item.box for item in layout.objects}
        over = any(item.box in boxes for item in found)
        pasted, ids = edits.insert(layout, found, offset=COPY_OFFSET if over else 0.0)
        self._document.apply(edit_name("paste", len(ids)), pasted)
        self._document.select(ids)

    def delete(self) -> None:
        """Remove the selected objects."""
        chosen = self._document.selection
        if chosen:
            self._document.apply(edit_name("delete", len(chosen)), edits.delete(self._document.layout, chosen))

    def duplicate(self) -> None:
        """Copy the selected objects beside themselves; the copies are selected."""
        chosen = self._document.selection
        if chosen:
            layout, copies = edits.duplicate(self._document.layout, chosen, offset=COPY_OFFSET)
            self._document.apply(edit_name("duplicate", len(copies)), layout)
            self._document.select(copies)

    def select_all(self) -> None:
        """Select every object that is shown."""
        self._document.select(item.id for item in self._document.layout.objects if not item.hidden)

    def label(self) -> None:
        """Type the prompt of the current object."""
        if self._document.selection:
            self._canvas.edit_label(self._document.selection[-1])

    def label_as(self, prompt: str) -> None:
        """Give the selected objects this prompt."""
        self._apply("label", edits.set_prompt(self._document.layout, self._document.selection, prompt))

    def align(self, how: str) -> None:
        """Align the selected objects; see ``ui.arrange.ALIGNMENTS``."""
        self._arrange("align", lambda boxes, size: arrange.align(boxes, how, size))

    def distribute(self, axis: int) -> None:
        """Make the gaps between the selected objects equal."""
        self._arrange("distribute", lambda boxes, size: arrange.distribute(boxes, axis, size))

    def same_size(self) -> None:
        """Make the selected objects as large as the one that was selected last."""
        model = self._document.selection[-1] if self._document.selection else ""
        self._arrange("resize", lambda boxes, size: arrange.same_size(boxes, model, size) if model in boxes else boxes)

    def sort(self, order: str) -> None:
        """Put all objects into one of the named painting orders."""
        from engine.inpainting.orders import ORDERS

        layout = self._document.layout
        seed = secrets.randbelow(2**31)
        name = edit_name("sort", len(layout.objects))
        self._document.apply(name, layout.with_objects(ORDERS[order](layout.objects, seed)))

    def use_skill(self, name: str) -> None:
        """Make the selected objects, or all of them, harder to paint; see ``ui.skills``."""
        text, tool = skills.TOOLS[name]
        layout = self._document.layout
        chosen = self._document.selection or tuple(item.id for item in layout.objects)
        chance = random.Random(secrets.randbits(32))
        name = QCoreApplication.translate(CONTEXT, text)
        self._document.apply(name, tool(layout, frozenset(chosen), chance))

    def _arrange(self, edit: str, change: Callable[[arrange.Boxes, tuple[int, int]], arrange.Boxes]) -> None:
        layout = self._document.layout
        boxes = {item.id: edges_of(item.box, layout.size) for item in self._document.selected if not item.locked}
        if boxes:
            self._apply(edit, edits.place(layout, change(boxes, layout.size)))

    def _apply(self, edit: str, layout: Layout) -> None:
        self._document.apply(edit_name(edit, len(self._document.selection)), layout)

    def toggle_locked(self) -> None:
        """Lock the selected objects; unlock them when all are locked."""
        lock = not all(item.locked for item in self._document.selected)
        self._flag("lock" if lock else "unlock", locked=lock)

    def toggle_hidden(self) -> None:
        """Hide the selected objects; show them when all are hidden."""
        hide = not all(item.hidden for item in self._document.selected)
        self._flag("hide" if hide else "show", hidden=hide)

    def _flag(self, edit: str, *, locked: bool | None = None, hidden: bool | None = None) -> None:
        chosen = self._document.selection
        if chosen:
            layout = edits.set_flag(self._document.layout, chosen, locked=locked, hidden=hidden)
            self._document.apply(edit_name(edit, len(chosen)), layout)
