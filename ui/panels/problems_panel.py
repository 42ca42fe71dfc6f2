"""The list of problems: a click goes there, a button mends it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from ui.document import Document
from ui.problems import Model, Problem, examine, fix_name, sentence

LOOKS_AFTER = 150
"""Milliseconds of rest before a changed layout is looked at: a drag is not slowed down."""
AT_ONCE = 0.006
"""Seconds that are spent on looking before the window gets its turn again."""
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
        self._found: list[Problem] = []
        self._left: Iterator[list[Problem]] = iter(())
        self._timer = QTimer(self, singleShot=True, interval=LOOKS_AFTER)
        self._timer.timeout.connect(self.look)
        self._working = QTimer(self, interval=0)
        self._working.timeout.connect(self._look_on)
        document.committed.connect(self._timer.start)
        self.look()

    def set_model(self, model: Model) -> None:
        """The model that will paint the layout."""
        if model != self._model:
            self._model = model
            self._timer.start()

    def look(self) -> None:
        """Begin to look for problems; the list is filled when all objects were looked at."""
        self._found = []
        self._left = examine(self._document.committed_layout, self._model)
        self._look_on()

    def _look_on(self) -> None:
        until = time.monotonic() + AT_ONCE
        for found in self._left:
            self._found += found
            if len(self._found) >= MOST_SHOWN:
                break
            if time.monotonic() > until:
                self._working.start()
                return
        self._working.stop()
        self._show(self._found[:MOST_SHOWN])

    def _show(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.list.blockSignals(True)
        self.list.clear()
        for problem in problems:
            item = QListWidgetItem(sentence(problem))
            item.setData(Qt.ItemDataRole.UserRole, problem.object_id)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._note.setText("" if problems else self.tr("No problems found."))
        self._show_fix()
        self.count_changed.emit(len(problems))

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
        name = fix_name(self.current) if self.current is not None else ""
        self.fix.setVisible(bool(name))
        self.fix.setText(name)

    def _mend(self) -> None:
        problem = self.current
        if problem is None:
            return
        if problem.fix is None:
            self.label_wanted.emit(problem.object_id)
        elif any(item.id == problem.object_id for item in self._document.layout.objects):
            self._document.apply(fix_name(problem), problem.fix(self._document.layout))
