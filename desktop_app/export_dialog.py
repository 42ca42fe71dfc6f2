"""Asks which layouts to export, and in which format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QWidget

from engine.formats.registry import default_registry
from ui.tab_order import follow_layout
from ui.texts import N_

if TYPE_CHECKING:
    from engine.formats.dataset import Entry

_SETS = {
    "project": N_("Sets", "The {} layouts of the project"),
    "selected": N_("Sets", "The {} selected layouts"),
    "shown": N_("Sets", "The {} layouts that the filter shows"),
    "all": N_("Sets", "All {} layouts"),
}


def set_title(name: str, count: int) -> str:
    """A set of layouts in words."""
    return QCoreApplication.translate("Sets", _SETS[name]).format(f"{count:,}")


class ExportDialog(QDialog):
    """Two choices; where to write is asked afterwards."""

    def __init__(self, sets: Mapping[str, Sequence[Entry]], format: str, parent: QWidget | None = None) -> None:
        """``sets``: entries by ``project``, ``selected``, ``shown`` or ``all``; ``format``: the one offered first."""
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(self.tr("Export layouts"))
        self._sets = sets
        self.which = QComboBox(self)
        self.which.setAccessibleName(self.tr("Which layouts"))
        for name, entries in sets.items():
            self.which.addItem(set_title(name, len(entries)), name)
        self.formats = QComboBox(self)
        self.formats.setAccessibleName(self.tr("Format"))
        for entry in default_registry().formats:
            if entry.can_write:
                self.formats.addItem(f"{entry.title} ({entry.name})", entry.name)
        self.formats.setCurrentIndex(max(self.formats.findData(format), 0))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, parent=self)
        export = buttons.addButton(self.tr("Export…"), QDialogButtonBox.ButtonRole.AcceptRole)
        export.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("Layouts"), self.which)
        form.addRow(self.tr("Format"), self.formats)
        form.addRow(buttons)
        follow_layout(self)

    def entries(self) -> Sequence[Entry]:
        """The layouts that were chosen."""
        return self._sets[self.which.currentData()]

    def format(self) -> str:
        """The name of the format that was chosen."""
        return str(self.formats.currentData())
