"""Typing an object's prompt on its box."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from engine.layout import Layout
from ui import edits
from ui.canvas.label_editor import LabelEditor
from ui.completion import Suggest
from ui.document import Document
from ui.edit_names import edit_name

WIDEST = 320


class Labelling(QObject):
    """Owns the editor on the canvas and makes an undo entry of what was typed."""

    labelled = Signal(str)
    """A prompt that is not empty was typed."""
    ended = Signal()

    def __init__(self, document: Document, canvas: QWidget, suggest: Suggest) -> None:
        super().__init__(canvas)
        self._document = document
        self._object: str | None = None
        self.editor = LabelEditor(canvas, suggest)
        self.editor.accepted.connect(self._accepted)
        self.editor.rejected.connect(self._rejected)
        document.add_editor(self._typed)

    @property
    def active(self) -> bool:
        """Whether a prompt is being typed."""
        return self._object is not None

    def start(self, object_id: str, prompt: str, box: QRect) -> None:
        """Edit the prompt of this object at its box on the screen."""
        self.editor.accept()
        self._object = object_id
        height = self.editor.sizeHint().height()
        top = box.top() - height if box.top() >= height else box.top() + 2
        self.editor.start(prompt, x=box.left() - 1, y=top, width=min(box.width() + 2, WIDEST))

    def _typed(self) -> tuple[str, Layout] | None:
        if self._object is None:
            return None
        return edit_name("label"), edits.set_prompt(self._document.layout, (self._object,), self.editor.text().strip())

    def _accepted(self, text: str) -> None:
        edited, self._object = self._object, None
        self.ended.emit()
        layout = self._document.layout
        if edited is not None and any(item.id == edited for item in layout.objects):
            self._document.apply(edit_name("label"), edits.set_prompt(layout, (edited,), text))
            if text:
                self.labelled.emit(text)

    def _rejected(self) -> None:
        self._object = None
        self.ended.emit()
