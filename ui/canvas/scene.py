"""The objects of a layout as the canvas needs them, brought up to date at the cost of what changed. No widgets."""

from __future__ import annotations

from collections.abc import Collection

from engine.layout import Layout
from ui.canvas.geometry import Edges, edges_of, union
from ui.canvas.hit import Target
from ui.canvas.painting import Shown
from ui.colors import color_of


class Scene:
    """Visible objects in painting order, with their edges in picture pixels."""

    def __init__(self, layout: Layout) -> None:
        self._known: dict[str, Shown] = {}
        self._places: dict[str, int] = {}
        self._layout = layout
        self.shown: list[Shown] = []
        self.targets: list[Target] = []
        self._build(layout)

    def update(self, layout: Layout) -> None:
        """Show ``layout``; objects that are the same values as before are not computed again."""
        former, self._layout = self._layout, layout
        if layout.size != former.size:
            self._known = {}
        if layout.size != former.size or not self._replace(former, layout):
            self._build(layout)

    def _replace(self, former: Layout, layout: Layout) -> bool:
        """The quick way while a few objects are dragged: only these are replaced. False when it does not do."""
        if len(former.objects) != len(layout.objects):
            return False
        pairs = zip(former.objects, layout.objects, strict=True)
        changed = [(number, old, new) for number, (old, new) in enumerate(pairs, start=1) if old is not new]
        if any(old.id != new.id or old.hidden != new.hidden for _, old, new in changed):
            return False
        for number, _, item in changed:
            if item.hidden:
                continue
            entry = Shown(item, number, edges_of(item.box, layout.size), color_of(item))
            place = self._places[item.id]
            self._known[item.id] = self.shown[place] = entry
            self.targets[place] = Target(item.id, entry.edges)
        return True

    def _build(self, layout: Layout) -> None:
        known = self._known
        shown: list[Shown] = []
        for number, item in enumerate(layout.objects, start=1):
            if item.hidden:
                continue
            entry = known.get(item.id)
            if entry is None or entry.item is not item or entry.number != number:
                entry = Shown(item, number, edges_of(item.box, layout.size), color_of(item))
            shown.append(entry)
        self._known = {entry.item.id: entry for entry in shown}
        self._places = {entry.item.id: place for place, entry in enumerate(shown)}
        self.shown = shown
        self.targets = [Target(entry.item.id, entry.edges) for entry in shown]

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

    def bounds(self, ids: Collection[str]) -> Edges | None:
        """The box round the visible ones of ``ids``, in picture pixels."""
        return union(entry.edges for entry in self.of(ids))

    def resizable_bounds(self, ids: Collection[str]) -> Edges | None:
        """The box round those of ``ids`` that are not locked, in picture pixels."""
        return union(entry.edges for entry in self.of(ids) if not entry.item.locked)
