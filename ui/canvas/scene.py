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
        self._bounds: tuple[Collection[str], Edges | None] | None = None
        self.shown: list[Shown] = []
        self.targets: list[Target] = []
        self._build(layout)

    def update(self, layout: Layout) -> list[Shown]:
        """Show ``layout``; objects that are the same values as before are not computed again.

        Returns:
            What is not shown any more as it was, and what is shown now instead.
        """
        former, self._layout = self._layout, layout
        self._bounds = None
        if layout.size == former.size:
            changed = self._replace(former, layout)
            return changed if changed is not None else self._build(layout)
        gone, self._known = list(self._known.values()), {}
        return gone + self._build(layout)

    def _replace(self, former: Layout, layout: Layout) -> list[Shown] | None:
        """The quick way while a few objects are dragged: only these are replaced. None when it does not do."""
        if len(former.objects) != len(layout.objects):
            return None
        pairs = zip(former.objects, layout.objects, strict=True)
        changed = [(number, old, new) for number, (old, new) in enumerate(pairs, start=1) if old is not new]
        if any(old.id != new.id or old.hidden != new.hidden for _, old, new in changed):
            return None
        stale: list[Shown] = []
        for number, _, item in changed:
            if item.hidden:
                continue
            entry = Shown(item, number, edges_of(item.box, layout.size), color_of(item))
            place = self._places[item.id]
            stale += (self.shown[place], entry)
            self._known[item.id] = self.shown[place] = entry
            self.targets[place] = Target(item.id, entry.edges)
        return stale

    def _build(self, layout: Layout) -> list[Shown]:
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
        gone = [entry for name, entry in known.items() if self._known.get(name) is not entry]
        return gone + [entry for name, entry in self._known.items() if known.get(name) is not entry]

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
        # Rulers ask for the same box one after the other; of thousands of objects it takes a while.
        if self._bounds is None or self._bounds[0] is not ids:
            self._bounds = ids, union(entry.edges for entry in self.of(ids))
        return self._bounds[1]

    def resizable_bounds(self, ids: Collection[str]) -> Edges | None:
        """The box round those of ``ids`` that are not locked, in picture pixels."""
        return union(entry.edges for entry in self.of(ids) if not entry.item.locked)
