"""Small files of every format, and layouts for property tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48

FOLDER = Path(__file__).parents[1] / "data" / "layouts"

FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "native.layout.json": ("boxpaint", {}),
    "iterinpaint_custom.json": ("iterinpaint-custom", {}),
    "scenes_number_few.json": ("layoutbench", {}),
    "LayoutBench_val_size_tiny_000013.json": ("layoutbench", {}),
    "clevr_scenes.json": ("clevr", {"boxes": "project"}),
    "train_ann.json": ("iterinpaint-ann", {}),
    "count_layouts_all.json": ("layoutbench-coco", {}),
    "instances.json": ("coco", {}),
    "results.json": ("coco-results", {"size": (640, 480)}),
    "labelme.json": ("labelme", {}),
    "instancediffusion.json": ("instancediffusion", {}),
    "nsr1k.json": ("nsr1k", {"size": (512, 512)}),
    "sevenbench.csv": ("sevenbench", {}),
    "gligen.json": ("boxes", {}),
    "yolo": ("yolo", {"size": (640, 480)}),
    "yolo/labels/desk.txt": ("yolo", {"size": (640, 480)}),
}
"""File -> the format that it is, and what has to be said to read it."""

OUTPUTS = {
    "boxpaint": "out.layout.json",
    "boxpaint-project": "out.boxpaint",
    "layoutbench": "out.json",
    "layoutbench-root": "out",
    "iterinpaint-ann": "out_ann.json",
    "iterinpaint-custom": "out.json",
    "layoutbench-coco": "out.json",
    "coco": "out.json",
    "coco-results": "out.json",
    "labelme": "out.json",
    "yolo": "out",
}
"""Format -> a file or folder name that one layout can be written to."""

ASKED: dict[str, dict[str, Any]] = {"yolo": {"size": (320, 240)}, "coco-results": {"size": (320, 240)}}
"""Formats whose files do not say the size."""

_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)
_extra = st.dictionaries(st.sampled_from(["x_note", "x_score", "x_nested"]), _json, max_size=2)


@st.composite
def boxes(draw: st.DrawFn, least: float = 1e-3) -> Box:
    """A box of at least ``least`` of the picture's sides."""
    x0, y0 = draw(st.floats(0, 1 - 2 * least)), draw(st.floats(0, 1 - 2 * least))
    x1 = draw(st.floats(x0 + least, 1)) if x0 + least < 1 else 1.0
    y1 = draw(st.floats(y0 + least, 1)) if y0 + least < 1 else 1.0
    return Box(x0, y0, x1, y1)


@st.composite
def layouts(draw: st.DrawFn, *, clevr: bool = False) -> Layout:
    """A layout with everything that a layout can have."""
    prompts = (
        st.sampled_from(CLEVR_48) if clevr else _words.map(str.strip).filter(lambda text: len(text.splitlines()) == 1)
    )
    ids = draw(st.lists(_words, unique=True, max_size=4))
    items = tuple(
        LayoutObject(
            identity,
            draw(prompts),
            draw(boxes()),
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.none() | st.integers(0, 2**63 - 1)),
            draw(_extra),
        )
        for identity in ids
    )
    return Layout(
        draw(st.integers(1, 4096)), draw(st.integers(1, 4096)), items, draw(st.just("") | _words), draw(_extra)
    )
