"""One detection per thing; pictures of every kind are read, and what is none is refused."""

from __future__ import annotations

import pytest
from PIL import Image

from engine.detection.distinct import distinct
from engine.detection.loading import find_detector
from engine.detection.pictures import read_picture
from engine.errors import BoxpaintError
from engine.events import Detection
from engine.layout import Box


def found(label: str, score: float, *box: float) -> Detection:
    return Detection(Box(*box), label, score)


def test_the_likeliest_label_of_one_box_is_kept():
    sure, guess = found("red cube", 0.9, 0.1, 0.1, 0.5, 0.5), found("red sphere", 0.6, 0.1, 0.1, 0.5, 0.49)
    assert distinct([guess, sure], 0.3) == [sure]


def test_the_same_label_twice_on_one_thing_counts_once():
    sure, again = found("red cube", 0.9, 0.1, 0.1, 0.5, 0.5), found("red cube", 0.8, 0.1, 0.15, 0.5, 0.6)
    assert distinct([sure, again], 0.3) == [sure]


def test_things_inside_others_and_in_front_of_them_are_kept():
    large, inside = found("red cube", 0.9, 0.0, 0.0, 0.8, 0.8), found("red cube", 0.8, 0.3, 0.3, 0.5, 0.5)
    front = found("blue sphere", 0.7, 0.1, 0.0, 0.9, 0.7)
    assert distinct([front, large, inside], 0.3) == [large, inside, front]


def test_what_is_unsure_is_left_out():
    assert distinct([found("red cube", 0.29, 0, 0, 1, 1)], 0.3) == []


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1", "CMYK"])
def test_pictures_of_every_mode_are_read(tmp_path, mode):
    file = tmp_path / "picture.tif"
    Image.new(mode, (30, 20)).save(file)
    picture = read_picture(file)
    assert picture.mode == "RGB" and picture.size == (30, 20)


def test_a_picture_that_was_taken_upright_is_turned(tmp_path):
    picture = Image.new("RGB", (30, 20))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "upright.jpg", exif=exif)
    assert read_picture(tmp_path / "upright.jpg").size == (20, 30)


def test_what_is_no_picture_is_refused_with_its_name(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    for name, words in (("text.png", "no picture"), ("missing.png", "no such")):
        with pytest.raises(BoxpaintError, match=words) as caught:
            read_picture(tmp_path / name)
        assert caught.value.kind == "picture" and caught.value.file.endswith(name)


def test_detectors_are_found_by_name_and_by_folder(tmp_path):
    assert (find_detector("clevr-mini-detector") / "config.json").is_file()
    assert find_detector(str(tmp_path)) == tmp_path
    with pytest.raises(BoxpaintError, match="clevr-mini-detector"):
        find_detector("no-such-detector")
