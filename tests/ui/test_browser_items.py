"""What the browser's search and filters let through."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPalette

from engine.layout import Box, Layout, LayoutObject
from ui.browser.items import Area, Filter, Searchable, facets_of
from ui.browser.model import LayoutsModel
from ui.browser.thumbnails import SIDE, Thumbnails


@dataclass(frozen=True)
class Item:
    name: str
    layout: Layout
    split: str | None = None
    picture: Path | None = None


def item(name: str, *prompts: str, side: float = 0.1, split: str | None = None, size=(400, 400), caption="") -> Item:
    things = (LayoutObject(f"o{n}", prompt, Box(0, 0, side, side)) for n, prompt in enumerate(prompts))
    return Item(name, Layout(*size, tuple(things), caption), split)


ITEMS = [
    item("Alley_1", "red car", "tree", split="roads"),
    item("alley_2", "red car", "red car", "blue car", side=0.2, split="roads"),
    item("table", "mug", side=0.24, split="rooms", size=(640, 480), caption="A Wooden table"),
    item("nothing"),
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), [0, 1, 2, 3]),
        (Filter(words="ALLEY"), [0, 1]),
        (Filter(words="car tree"), [0]),
        (Filter(words="wooden"), [2]),
        (Filter(words="roads blue"), [1]),
        (Filter(words="nowhere"), []),
        (Filter(split="rooms"), [2]),
        (Filter(label="red car"), [0, 1]),
        (Filter(label="car"), []),
        (Filter(least=1), [0, 1, 2]),
        (Filter(most=0), [3]),
        (Filter(least=2, most=2), [0]),
        (Filter(size=(640, 480)), [2]),
        (Filter(area=Area.MEDIUM), [0, 1]),
        (Filter(area=Area.LARGE), [2]),
        (Filter(words="alley", label="blue car"), [1]),
    ],
)
def test_what_a_filter_lets_through(wanted: Filter, found: list[int]) -> None:
    assert Searchable(ITEMS).matching(wanted) == found


def test_facets() -> None:
    facets = facets_of(ITEMS)
    assert facets.splits == {"roads": 2, "rooms": 1}
    assert facets.labels == {"blue car": 1, "mug": 1, "red car": 3, "tree": 1}
    assert list(facets.sizes) == [(400, 400), (640, 480)] and facets.most_objects == 3


def test_places_stay_places_under_a_filter(qapp) -> None:
    model = LayoutsModel()
    model.set_items(ITEMS, open_place=2)
    model.set_filter(Filter(split="rooms"))
    assert model.rowCount() == 1 and model.place_at(model.index(0, 0)) == 2
    assert model.row_of(2) == 0 and model.row_of(0) is None and model.open_place == 2


def test_a_thumbnail_is_painted_once_and_again_with_its_picture(qapp, qtbot, tmp_path) -> None:
    image = QImage(QSize(800, 400), QImage.Format.Format_RGB32)
    image.fill(0xFF0000)
    image.save(str(tmp_path / "a.png"))
    wide = Item("a", Layout(800, 400), None, tmp_path / "a.png")
    thumbnails = Thumbnails()
    palette = QPalette()
    with qtbot.waitSignal(thumbnails.arrived):
        first = thumbnails.get(wide, palette, 1.0)
    assert first.deviceIndependentSize().toSize() == QSize(SIDE, SIDE // 2)
    second = thumbnails.get(wide, palette, 1.0)
    assert second.toImage().pixelColor(SIDE // 2, SIDE // 4).getRgb()[:3] == (255, 0, 0)
    assert thumbnails.get(wide, palette, 1.0).cacheKey() == second.cacheKey()
    thumbnails.set_pictures_wanted(False)
    assert thumbnails.get(wide, palette, 1.0).toImage().pixelColor(SIDE // 2, SIDE // 4).getRgb()[:3] != (255, 0, 0)


def test_only_so_many_thumbnails_are_kept(qapp) -> None:
    thumbnails = Thumbnails()
    items = [Item(str(number), Layout(10, 10)) for number in range(500)]
    for each in items:
        thumbnails.get(each, QPalette(), 1.0)
    assert len(thumbnails._made) == 400
