"""Pages of which one is seen at a time."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.spoken import install_roles


class Pages(QStackedWidget):
    """Needs as much room as the page that is seen: a wide one behind it does not make the window wider."""

    SPOKEN_ROLE = QAccessible.Role.Pane
    """As a layered pane, which it is for Qt, Orca would tell it, and count what is not in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint().expandedTo(page.minimumSize()) if page is not None else super().minimumSizeHint()
