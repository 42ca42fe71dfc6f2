"""Pictures of every kind are read, what is none is refused; detectors are found by name and by folder."""

from __future__ import annotations

import pytest
from PIL import Image

from engine.detection.loading import find_detector
from engine.detection.pictures import read_picture
from engine.errors import BoxpaintError


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
