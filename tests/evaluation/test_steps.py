"""Objects as they were painted: their box as it was then, in the picture as it is at the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import BoxpaintError
from engine.evaluation.step_files import STEPS, steps_folder
from engine.evaluation.steps import found_when_painted, painted_objects
from engine.events import Detection
from engine.formats.dataset import Entry
from engine.layout import Box, Layout, LayoutObject

RED, BLUE = (255, 0, 0), (0, 0, 255)
LEFT, RIGHT = Box(0, 0, 0.5, 1), Box(0.5, 0, 1, 1)


class Reds:
    """Finds a red thing in each half that is red throughout."""

    name, labels = "reds", ("red",)

    def detect(self, images):
        return [[Detection(box, "red", 0.9) for box in (LEFT, RIGHT) if self._is_red(image, box)] for image in images]

    @staticmethod
    def _is_red(image: Image.Image, box: Box) -> bool:
        return image.crop(box.to_pixels(*image.size)).getcolors() == [(image.width // 2 * image.height, RED)]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A finished picture whose left half was red after its step and is blue now; the right one is red."""
    final = tmp_path / "run" / "p.png"
    final.parent.mkdir()
    colors = {"1": (RED, (0, 0, 0)), "2": (BLUE, RED)}
    for name, (left, right) in {**colors, "final": (BLUE, RED)}.items():
        image = Image.new("RGB", (32, 16), left)
        image.paste(right, (16, 0, 32, 16))
        file = final if name == "final" else steps_folder(final) / f"{name}_context.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(file)
    record = [{"object": "a"}, {"object": "b"}, {"object": None}]
    (steps_folder(final) / STEPS).write_text(json.dumps(record))
    return final


@pytest.fixture
def entry() -> Entry:
    return Entry("p", Layout(32, 16, (LayoutObject("a", "red", LEFT), LayoutObject("b", "red", RIGHT))))


def test_what_was_painted_and_is_gone_is_known(picture, entry) -> None:
    painted = list(painted_objects([entry], [picture]))
    assert [(item.item.id, item.step, item.steps) for item in painted] == [("a", 0, 3), ("b", 1, 3)]
    first = painted[0].picture()
    assert (first.getpixel((2, 2)), first.getpixel((30, 2))) == (RED, RED)
    assert found_when_painted([entry], [picture], Reds(), None) == {(0, "a"): True, (0, "b"): True}
    with Image.open(picture) as final:
        assert [found.box for found in Reds().detect([final.convert("RGB")])[0]] == [RIGHT]


def test_pictures_without_steps_are_passed_over_and_broken_records_told(picture, entry, tmp_path) -> None:
    (tmp_path / "other").mkdir()
    assert list(painted_objects([entry], [tmp_path / "other" / "p.png"])) == []
    (steps_folder(picture) / STEPS).write_text('{"object": 1}')
    with pytest.raises(BoxpaintError) as caught:
        list(painted_objects([entry], [picture]))
    assert caught.value.file == str(steps_folder(picture) / STEPS)
