"""The commands that change what is selected."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui import edits
from ui.canvas.canvas import Canvas
from ui.document import Document

COPY_OFFSET = 12.0
"""How far a duplicate lies from its original, in picture pixels."""


class EditCommands:
    """Each method is one menu entry and makes one undo entry."""

    def __init__(self, document: Document, canvas: Canvas) -> None:
        self._document = document
        self._canvas = canvas

    def delete(self) -> None:
        """Remove the selected objects."""
        chosen = self._document.selection
        if chosen:
            name = f"Delete {edits.count_words(len(chosen))}"
            self._document.apply(name, edits.delete(self._document.layout, chosen))

    def duplicate(self) -> None:
        """Copy the selected objects beside themselves; the copies are selected."""
        chosen = self._document.selection
        if chosen:
            layout, copies = edits.duplicate(self._document.layout, chosen, offset=COPY_OFFSET)
            self._document.apply(f"Duplicate {edits.count_words(len(copies))}", layout)
            self._document.select(copies)

    def select_all(self) -> None:
        """Select every object that is shown."""
        self._document.select(item.id for item in self._document.layout.objects if not item.hidden)

    def label(self) -> None:
        """Type the prompt of the current object."""
        if self._document.selection:
            self._canvas.edit_label(self._document.selection[-1])

    def toggle_locked(self) -> None:
        """Lock the selected objects; unlock them when all are locked."""
        lock = not all(item.locked for item in self._document.selected)
        self._flag(_text("Lock") if lock else _text("Unlock"), locked=lock)

    def toggle_hidden(self) -> None:
        """Hide the selected objects; show them when all are hidden."""
        hide = not all(item.hidden for item in self._document.selected)
        self._flag(_text("Hide") if hide else _text("Show"), hidden=hide)

    def _flag(self, verb: str, *, locked: bool | None = None, hidden: bool | None = None) -> None:
        chosen = self._document.selection
        if chosen:
            layout = edits.set_flag(self._document.layout, chosen, locked=locked, hidden=hidden)
            self._document.apply(f"{verb} {edits.count_words(len(chosen))}", layout)


def _text(word: str) -> str:
    return QCoreApplication.translate("EditCommands", word)
