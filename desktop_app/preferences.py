"""The preferences dialog, made from the declared settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.settings import SETTINGS, Setting, Settings
from ui.comfort import roomy
from ui.tab_order import follow_layout

Reader = Callable[[], Any]


class Preferences(QDialog):
    """One line for each setting that has a title; ``values`` tells what was chosen."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self.setWindowTitle(self.tr("Preferences"))
        self.resize(roomy(520, 300, self))
        self._readers: dict[str, Reader] = {}
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, setting in SETTINGS.items():
            if setting.title:
                editor, self._readers[name] = _EDITORS[setting.kind](setting, settings.get(name), self)
                editor.setObjectName(name)
                editor.setAccessibleName(_translated(setting.title))
                editor.setToolTip(_translated(setting.about))
                form.addRow(_translated(setting.title), editor)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(buttons)
        follow_layout(self)

    def values(self) -> dict[str, Any]:
        """The settings as they are chosen now."""
        return {name: read() for name, read in self._readers.items()}


def _choice(setting: Setting, value: Any, parent: QWidget) -> tuple[QWidget, Reader]:
    combo = QComboBox(parent)
    for word, title in setting.choices.items():
        combo.addItem(_translated(title), word)
    combo.setCurrentIndex(combo.findData(value))
    return combo, combo.currentData


def _switch(setting: Setting, value: Any, parent: QWidget) -> tuple[QWidget, Reader]:
    box = QCheckBox(_translated(setting.about), parent)
    box.setChecked(value)
    return box, box.isChecked


def _number(setting: Setting, value: Any, parent: QWidget) -> tuple[QWidget, Reader]:
    spin = QSpinBox(parent)
    spin.setRange(*setting.span)
    spin.setSuffix(QCoreApplication.translate("Preferences", " px"))
    spin.setSpecialValueText(QCoreApplication.translate("Preferences", "None"))
    spin.setValue(value)
    return spin, spin.value


def _percent(setting: Setting, value: Any, parent: QWidget) -> tuple[QWidget, Reader]:
    spin = QSpinBox(parent)
    spin.setRange(*setting.span)
    spin.setSuffix(" %")
    spin.setValue(value)
    return spin, spin.value


def _folder(setting: Setting, value: Any, parent: QWidget) -> tuple[QWidget, Reader]:
    holder = QWidget(parent)
    edit = QLineEdit(value, holder)
    edit.setPlaceholderText(_translated(setting.about))
    edit.setAccessibleName(_translated(setting.title))
    button = QPushButton(QCoreApplication.translate("Preferences", "Choose…"), holder)

    def choose() -> None:
        folder = QFileDialog.getExistingDirectory(parent, _translated(setting.title), edit.text())
        if folder:
            edit.setText(folder)

    button.clicked.connect(choose)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(edit, 1)
    row.addWidget(button)
    return holder, lambda: edit.text().strip()


_EDITORS: Mapping[str, Callable[[Setting, Any, QWidget], tuple[QWidget, Reader]]] = {
    "choice": _choice,
    "switch": _switch,
    "number": _number,
    "percent": _percent,
    "folder": _folder,
}


def _translated(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
