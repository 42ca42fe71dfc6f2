"""The layouts on the start page; all samples are in ``resources/layouts``."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from desktop_app.theme import RESOURCES
from engine.layout import Layout
from ui.start.card import Sample
from ui.texts import N_

_TITLES = {
    "eight_objects": N_("Samples", "Two rows"),
    "clevr_1": N_("Samples", "Scattered"),
    "number_few_1": N_("Samples", "Few"),
    "number_many_1": N_("Samples", "Many"),
    "position_center_1": N_("Samples", "Crowded in the centre"),
    "position_boundary_2": N_("Samples", "Along the edges"),
    "size_tiny_1": N_("Samples", "Tiny"),
    "size_large_1": N_("Samples", "Large"),
    "shape_horizontal_1": N_("Samples", "Wide"),
    "shape_vertical_1": N_("Samples", "Tall"),
    "coco_combination_1": N_("Samples", "Dog on a vase"),
    "coco_position_2": N_("Samples", "Bicycle over a vase"),
}

PAINTED = tuple(name for name in _TITLES if not name.startswith("coco_"))
"""The samples that the built-in model knows the words of; benchmarks/sample_pictures.py painted their pictures."""


def samples() -> list[Sample]:
    """The samples in the order in which they are shown."""
    return [Sample(name, QCoreApplication.translate("Samples", title)) for name, title in _TITLES.items()]


def sample_file(name: str) -> Path:
    """Where a sample's layout is."""
    return RESOURCES / "layouts" / f"{name}.layout.json"


def load_sample(name: str) -> Layout:
    """A sample's layout.

    Raises:
        BoxpaintError: The file is missing or broken.
    """
    # The formats are imported when the first sample is read: the window's start is measured.
    from engine.formats.registry import read_entry

    return read_entry(sample_file(name)).layout


def painted_sample(name: str) -> QImage | None:
    """What the built-in model painted from a sample, small; None where it was not painted."""
    image = QImage(str(RESOURCES / "samples" / f"{name}.jpg"))
    return None if image.isNull() else image
