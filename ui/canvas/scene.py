"""The objects of a layout as the canvas needs them, brought up to date at the cost of what changed. No widgets."""

from __future__ import annotations

from collections.abc import Collection

from engine.layout import Layout
from ui.canvas.geometry import Edges, edges_of, union
from ui.canvas.hit import Target
from ui.canvas.painting import Shown


class Scene:
    """Visible objects in painting order, with their edges in picture pixels."""

    def __init__(self, layout: Layout) -> None:
        self._known: dict[str, Shown] = {}
        self._size = layout.size
        self.shown: list[Shown] = []
        self.targets: list[Target] = []
        self.update(layout)

    def update(self, layout: Layout) -> None:
        """Show ``layout``; objects that are the same values as before are not computed again."""
        known = self._known if layout.size == self._size else {}
        self._size = layout.size
        shown: list[Shown] = []
        targets: list[Target] = []
        for number, item in enumerate(layout.objects, start=1):
            if item.hidden:
                continue
            entry = known.get(item.id)
            if entry is None or entry.item is not item or entry.number != number:
                entry = Shown(item, number, edges_of(item.box, self._size))
            shown.append(entry)
            targets.append(Target(item.id, entry.edges))
        self._known = {entry.item.id: entry for entry in shown}
        self.shown, self.targets = shown, targets

    def get(self, object_id: str) -> Shown | None:
        """The object with this id if it is visible."""
        return self._known.get(object_id)

    def of(self, ids: Collection[str]) -> list[Shown]:
        """The visible objects among ``ids``, in painting order."""
        if len(ids) <= 8:
            found = [self._known[name] for name in ids if name in self._known]
            return sorted(found, key=lambda entry: entry.number)
        chosen = set(ids)
        return [entry for entry in self.shown if entry.item.id in chosen]

    def resizable_bounds(self, ids: Collection[str]) -> Edges | None:
        """The box round those of ``ids`` that are not locked, in picture pixels."""
        return union(entry.edges for entry in self.of(ids) if not entry.item.locked)
