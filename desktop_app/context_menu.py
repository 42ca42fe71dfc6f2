"""What a right click on the canvas offers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from desktop_app.menu_table import CONTEXT_MENU
from ui.colors import color_of
from ui.panels.objects_model import swatch

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow


class ContextMenu(QMenu):
    """The usual commands, labels for the selection, and the objects that lie under the pointer.

    Args:
        window: Whose commands and document it shows.
        ids: The objects under the pointer, the topmost first.
    """

    def __init__(self, window: MainWindow, ids: Sequence[str]) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("contextMenu")
        window.actions_by_id.fill(self, CONTEXT_MENU)
        document = window.document
        if document.selection:
            slots = self.addMenu(self.tr("Label as"))
            for number, prompt in enumerate(window.vocabulary.slots, start=1):
                slots.addAction(f"&{number}  {prompt}", partial(window.edits.label_as, prompt))
        if len(ids) > 1:
            self.addSection(self.tr("Here, from the top"))
            for name in ids:
                item = document.layout.find(name)
                self.addAction(
                    swatch(color_of(item)),
                    item.prompt or self.tr("no prompt yet"),
                    partial(document.select, (name,)),
                )


def show_context_menu(window: MainWindow, place: QPoint, ids: Sequence[str]) -> None:
    """Show the menu at a place of the screen; it goes by itself."""
    ContextMenu(window, ids).popup(place)
