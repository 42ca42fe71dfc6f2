"""The list of problems: a click goes there, a button mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from ui.document import Document
from ui.problems import Model, Problem, find_problems

LOOKS_AFTER = 150
"""Milliseconds of rest before a changed layout is looked at: a drag is not slowed down."""
MOST_LOOKED_AT = 500
"""Layouts of more objects are not looked at: overlaps take time with the square of their number."""
MOST_SHOWN = 200


class ProblemsPanel(QWidget):
    """Looks at the document whenever it has changed."""

    count_changed = Signal(int)
    label_wanted = Signal(str)
    """The user wants to type the prompt of this object."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemsPanel")
        self._document = document
        self._model = Model()
        self.problems: list[Problem] = []
        self.list = QListWidget(self)
        self.list.setObjectName("problemsList")
        self.list.setAccessibleName(self.tr("Problems of the layout"))
        self.list.setWordWrap(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.currentRowChanged.connect(self._go)
        self.fix = QPushButton(self.tr("Mend"), self)
        self.fix.clicked.connect(self._mend)
        self._note = QLabel(self)
        self._note.setObjectName("panelNote")
        row = QHBoxLayout()
        row.addWidget(self._note, 1)
        row.addWidget(self.fix)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addWidget(self.list)
        column.addLayout(row)
        self._timer = QTimer(self, singleShot=True, interval=LOOKS_AFTER)
        self._timer.timeout.connect(self.look)
        document.committed.connect(self._timer.start)
        self.look()

    def set_model(self, model: Model) -> None:
        """The model that will paint the layout."""
        if model != self._model:
            self._model = model
            self._timer.start()

    def look(self) -> None:
        """Find the problems now."""
        layout = self._document.committed_layout
        few = len(layout.objects) <= MOST_LOOKED_AT
        self.problems = find_problems(layout, self._model)[:MOST_SHOWN] if few else []
        self.list.blockSignals(True)
        self.list.clear()
        for problem in self.problems:
            item = QListWidgetItem(problem.text)
            item.setData(Qt.ItemDataRole.UserRole, problem.object_id)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._note.setText("" if self.problems else self.tr("No problems found."))
        self._show_fix()
        self.count_changed.emit(len(self.problems))

    @property
    def current(self) -> Problem | None:
        """The chosen problem."""
        row = self.list.currentRow()
        return self.problems[row] if 0 <= row < len(self.problems) else None

    def _go(self) -> None:
        if self.current is not None:
            self._document.select((self.current.object_id,))
        self._show_fix()

    def _show_fix(self) -> None:
        problem = self.current
        self.fix.setVisible(problem is not None and (problem.fix is not None or problem.kind == "empty"))
        if problem is not None:
            self.fix.setText(problem.fix_name or self.tr("Label it"))

    def _mend(self) -> None:
        problem = self.current
        if problem is None:
            return
        if problem.fix is None:
            self.label_wanted.emit(problem.object_id)
        else:
            self._document.apply(problem.fix_name, problem.fix(self._document.layout))
