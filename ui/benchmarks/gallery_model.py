"""The pictures of an export as a Qt model that filters and sorts itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.benchmarks.names import verdict_name
from ui.benchmarks.table import shown
from ui.benchmarks.values import TARGET_VERDICTS, Shot, ShotFilter, Sorting

Index = QModelIndex | QPersistentModelIndex
SHOT = Qt.ItemDataRole.UserRole
"""The `Shot` of a row."""


class GalleryModel(QAbstractListModel):
    """Rows are the pictures that the filter lets through, in the wanted order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shots: Sequence[Shot] = ()
        self._filter = ShotFilter()
        self._sorting = Sorting()
        self._places: list[int] = []

    @property
    def shots(self) -> Sequence[Shot]:
        """All pictures, in the order of painting."""
        return self._shots

    def set_shots(self, shots: Sequence[Shot]) -> None:
        """Show other pictures."""
        self._shots = shots
        self._list()

    def arrange(self, wanted: ShotFilter, sorting: Sorting) -> bool:
        """Filter and sort anew; False when nothing is other than before."""
        if (wanted, sorting) == (self._filter, self._sorting):
            return False
        self._filter, self._sorting = wanted, sorting
        self._list()
        return True

    def _list(self) -> None:
        self.beginResetModel()
        places = [place for place, shot in enumerate(self._shots) if self._filter.lets(shot)]
        self._places = self._sorting.sort(self._shots, places)
        self.endResetModel()

    def shot_at(self, row: int) -> Shot | None:
        """The picture in a row."""
        return self._shots[self._places[row]] if 0 <= row < len(self._places) else None

    def row_of(self, split: str, name: str) -> int | None:
        """The row of a picture, if it is shown."""
        for row, place in enumerate(self._places):
            shot = self._shots[place]
            if (shot.split, shot.name) == (split, name):
                return row
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shot = self.shot_at(index.row())
        if shot is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shot.name
        if role == SHOT:
            return shot
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{shot.split} / {shot.name}: {self.about(shot)}"
        return None

    def about(self, shot: Shot) -> str:
        """What there is to say about a picture, in a line."""
        if shot.state == "failed":
            return self.tr("failed: {}").format(shot.problem)
        if not shot.file:
            return self.tr("not painted yet")
        if not shot.scored:
            return self.tr("1 object") if len(shot.labels) == 1 else self.tr("{} objects").format(len(shot.labels))
        if not shot.targets:
            return self.tr("nothing to find")
        if shot.other is not None and shot.other.scored:
            mark = {"win": "▲", "loss": "▼"}.get(shot.outcome, "=")
            against = self.tr("{0} against {1} of {2}").format(shot.hits, shot.other.hits, shot.targets)
            return f"{mark} {against}"
        return self.tr("AP {0} · {1} of {2}").format(shown(shot.ap), shot.hits, shot.targets)

    def verdicts(self, shot: Shot) -> str:
        """AP and the verdicts on a picture's objects, in a line; empty where it was not scored."""
        if not shot.scored:
            return ""
        ap = self.tr("AP {}").format(shown(shot.ap))
        if shot.other is not None and shot.other.scored:
            ap = self.tr("AP {0} against {1}").format(shown(shot.ap), shown(shot.other.ap))
        counts = [(verdict, shot.count(verdict)) for verdict in TARGET_VERDICTS]
        return ", ".join([ap, *(f"{verdict_name(verdict)} {count}" for verdict, count in counts if count)])
