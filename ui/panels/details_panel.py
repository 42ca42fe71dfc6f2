"""What is kept with the selected objects beside their prompts: colour, seed and notes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QIcon, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QColorDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject
from engine.layout.notes import notes_of, own_color, with_color, with_notes
from ui import edits
from ui.colors import CLEVR_COLORS, SAFE_PALETTE, color_of
from ui.comfort import large_text, scaled
from ui.document import Document
from ui.edit_names import edit_name
from ui.panels.objects_model import swatch

LOW, HIGH = 28, 72
"""Heights of the notes in screen pixels: usually, and while they are written."""


class DetailsPanel(QWidget):
    """Edits the selected objects' colour, seed and notes; one undo entry for each change."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detailsPanel")
        self._document = document
        self.color = QToolButton(self)
        self.color.setObjectName("objectColor")
        self.color.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.color.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.color.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.color.setAccessibleName(self.tr("Colour of the object"))
        self.color.setToolTip(self.tr("The colour of the box in this window; it does not change what is painted"))
        self.color.setMenu(self._color_menu())
        self.seed = QLineEdit(self)
        self.seed.setObjectName("objectSeed")
        self.seed.setAccessibleName(self.tr("Seed of the object"))
        self.seed.setToolTip(self.tr("Noise of this object alone; empty: made from the run's seed"))
        self.seed.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,19}"), self))
        self.seed.editingFinished.connect(self._seed_edited)
        self.notes = NotesEdit(self)
        self.notes.setObjectName("objectNotes")
        self.notes.setAccessibleName(self.tr("Notes on the object"))
        self.notes.edited.connect(self._notes_edited)
        document.add_editor(self._typed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        label = QLabel(self.tr("Seed"), self)
        label.setBuddy(self.seed)
        if large_text():
            grid.addWidget(self.color, 0, 0, 1, 2)
            grid.addWidget(label, 1, 0)
            grid.addWidget(self.seed, 1, 1)
        else:
            grid.addWidget(self.color, 0, 0)
            grid.addWidget(label, 0, 1)
            grid.addWidget(self.seed, 0, 2)
        last = grid.columnCount() - 1
        grid.addWidget(self.notes, 2, 0, 1, last + 1)
        grid.setColumnStretch(last, 1)
        document.committed.connect(self._show)  # not layout_changed: a drag changes none of these
        document.selection_changed.connect(self._show)
        self._show()

    # -- showing

    def _show(self) -> None:
        chosen = self._document.selected
        self.setEnabled(bool(chosen))
        if not chosen:
            self._show_none()
            return
        owned = {own_color(item) for item in chosen}
        self.color.setIcon(swatch(color_of(chosen[-1]), 14))
        self.color.setText(self.tr("By the prompt") if owned == {None} else self.tr("Own colour"))
        seeds = {item.seed for item in chosen}
        same = len(seeds) == 1
        seed = chosen[0].seed
        self.seed.setText(str(seed) if same and seed is not None else "")
        self.seed.setPlaceholderText(self.tr("of the run") if same else self.tr("several"))
        self.seed.setModified(False)
        texts = {notes_of(item) for item in chosen}
        self.notes.show_text(notes_of(chosen[0]) if len(texts) == 1 else "")
        self.notes.setPlaceholderText(self.tr("Notes") if len(texts) == 1 else self.tr("Several notes"))

    def _show_none(self) -> None:
        self.color.setIcon(QIcon())
        self.color.setText(self.tr("Colour"))
        for field in (self.seed, self.notes):
            field.clear()
            field.setPlaceholderText("")
        self.notes.show_text("")
        self.notes.setPlaceholderText(self.tr("Notes"))

    # -- changing

    def _change(self, edit: str, change: Callable[[LayoutObject], LayoutObject]) -> None:
        self._document.apply(*self._changed(edit, change))

    def _changed(self, edit: str, change: Callable[[LayoutObject], LayoutObject]) -> tuple[str, Layout]:
        chosen = set(self._document.selection)
        layout = self._document.layout
        changed = layout.with_objects(change(item) if item.id in chosen else item for item in layout.objects)
        return edit_name(edit, len(chosen)), changed

    def _typed(self) -> tuple[str, Layout] | None:
        text = self.notes.typed
        return None if text is None else self._changed("notes", lambda item: with_notes(item, text))

    def _color_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("colorMenu")
        menu.addAction(self.tr("By the prompt"), lambda: self._color_chosen(None))
        menu.addSeparator()
        for name, color in CLEVR_COLORS.items():
            menu.addAction(swatch(color), self._color_name(name), lambda color=color: self._color_chosen(color))
        menu.addSeparator()
        for number, color in enumerate(SAFE_PALETTE, start=1):
            text = self.tr("Palette {}").format(number)
            menu.addAction(swatch(color), text, lambda color=color: self._color_chosen(color))
        menu.addSeparator()
        menu.addAction(self.tr("Other…"), self._ask_color)
        return menu

    def _color_name(self, name: str) -> str:
        names = {
            "gray": self.tr("Gray"),
            "red": self.tr("Red"),
            "blue": self.tr("Blue"),
            "green": self.tr("Green"),
            "brown": self.tr("Brown"),
            "purple": self.tr("Purple"),
            "cyan": self.tr("Cyan"),
            "yellow": self.tr("Yellow"),
        }
        return names[name]

    def _color_chosen(self, color: tuple[int, int, int] | None) -> None:
        self._change("color", lambda item: with_color(item, color))

    def _ask_color(self) -> None:
        dialog = QColorDialog(QColor(*color_of(self._document.selected[-1])), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda color: self._color_chosen((color.red(), color.green(), color.blue())))
        dialog.open()

    def _seed_edited(self) -> None:
        if not self.seed.isModified():
            return
        text = self.seed.text()
        try:
            self._change("seed", lambda item: edits.with_seed(item, int(text) if text else None))
        except BoxpaintError:
            self._show()  # larger than any seed may be: the former one stays

    def _notes_edited(self, text: str) -> None:
        self._change("notes", lambda item: with_notes(item, text))


class NotesEdit(QPlainTextEdit):
    """A few lines of text: leaving it or Ctrl+Enter accepts them, Escape gives up."""

    edited = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(scaled(LOW))
        self._shown = ""

    def show_text(self, text: str) -> None:
        """Show what is kept; text that is being typed is not replaced by the same."""
        if text != self._shown or not self.hasFocus():
            self._shown = text
            self.setPlainText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._shown)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setFixedHeight(scaled(HIGH))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setFixedHeight(scaled(LOW))
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._accept()

    @property
    def typed(self) -> str | None:
        """What is typed and not accepted; None when that is nothing."""
        text = self.toPlainText().strip()
        return text if text != self._shown else None

    def _accept(self) -> None:
        text = self.typed
        if text is not None:
            self._shown = text
            self.edited.emit(text)
