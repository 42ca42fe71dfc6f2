"""The scene is the same however it came about: step by step or at once."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layout import Box, Layout, LayoutObject
from ui import edits
from ui.canvas.geometry import Edges
from ui.canvas.scene import Scene

FIRST = Layout(100, 100, tuple(LayoutObject(f"o{n}", "mug", Box(n / 10, 0, n / 10 + 0.1, 0.5)) for n in range(6)))

CHANGES = {
    "move": lambda layout, name: edits.move(layout, (name,), 3, 2),
    "hide": lambda layout, name: edits.set_flag(layout, (name,), hidden=True),
    "show": lambda layout, name: edits.set_flag(layout, (name,), hidden=False),
    "delete": lambda layout, name: edits.delete(layout, (name,)),
    "add": lambda layout, name: edits.add(layout, Edges(1, 1, 9, 9))[0],
    "last": lambda layout, name: edits.reorder(layout, (name,), len(layout.objects)),
    "size": lambda layout, name: replace(layout, width=layout.width + 10, height=50),
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=12), st.integers(0, 999))
def test_step_by_step_is_the_same_as_at_once(names, seed):
    chance, layout, scene = random.Random(seed), FIRST, Scene(FIRST)
    for name in names:
        ids = [item.id for item in layout.objects] or ["none"]
        layout = CHANGES[name](layout, chance.choice(ids))
        scene.update(layout)
        fresh = Scene(layout)
        assert scene.shown == fresh.shown
        assert scene.targets == fresh.targets
        assert [scene.get(item.id) for item in layout.objects] == [fresh.get(item.id) for item in layout.objects]
