"""Strips, sheets and films of a run, read back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import BoxpaintError
from engine.runs.export import Cell, save_animation, save_picture, sheet, strip

COLORS = [(200, 20, 20), (20, 200, 20), (20, 20, 200)]


@pytest.fixture
def pictures(tmp_path) -> list[str]:
    """Three plain pictures of 33×24 pixels."""
    paths = []
    for number, color in enumerate(COLORS):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (33, 24), color).save(path)
        paths.append(str(path))
    return paths


def test_a_strip_has_every_picture_in_its_order(pictures) -> None:
    made = strip(pictures, side=33)
    assert made.size == (6 + 3 * 39, 6 + 30)
    assert [made.getpixel((6 + 39 * place + 10, 15)) for place in range(3)] == COLORS


def test_a_sheet_breaks_into_rows_and_leaves_missing_cells_dark(pictures) -> None:
    cells = [Cell(path, f"step {place}") for place, path in enumerate(pictures)]
    made = sheet([*cells, Cell("", "none")], columns=2, side=33)
    assert made.getpixel((10, 10)) == COLORS[0] and made.getpixel((10, 70)) == COLORS[2]
    assert made.getpixel((55, 70)) == (32, 33, 36)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_a_film_has_every_frame_and_holds_the_last(pictures, tmp_path, suffix) -> None:
    target = tmp_path / f"film{suffix}"
    save_animation(pictures, target, seconds=0.2)
    with Image.open(target) as film:
        assert film.n_frames == 3
        times = []
        for number, color in enumerate(COLORS):
            film.seek(number)
            film.load()
            times.append(film.info["duration"])
            shown = film.convert("RGB").getpixel((10, 10))
            assert all(abs(a - b) <= 8 for a, b in zip(shown, color, strict=True))
        assert times == [200, 200, 600]


def test_a_film_in_mp4_with_odd_sides(pictures, tmp_path) -> None:
    av = pytest.importorskip("av")
    target = tmp_path / "film.mp4"
    save_animation(pictures, target, seconds=0.5)
    with av.open(str(target)) as film:
        frames = [frame.to_image() for frame in film.decode(video=0)]
    assert len(frames) == 5 and frames[0].size == (34, 24)
    assert all(abs(a - b) <= 12 for a, b in zip(frames[0].getpixel((10, 10)), COLORS[0], strict=True))


def test_without_the_video_package_it_is_said_what_to_do(pictures, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(BoxpaintError) as caught:
        save_animation(pictures, tmp_path / "film.mp4")
    assert "boxpaint[video]" in str(caught.value)
    assert not (tmp_path / "film.mp4").exists()


def test_what_cannot_be_written_or_read_is_named(pictures, tmp_path, unwritable) -> None:
    made = strip(pictures)
    for target, word in (
        (tmp_path / "a.tiff", ".tiff"),
        (tmp_path / "plain", "ending"),
        (unwritable / "a.png", "file"),
    ):
        with pytest.raises(BoxpaintError, match=word):
            save_picture(made, target)
    with pytest.raises(BoxpaintError, match="no such picture"):
        strip([*pictures, str(tmp_path / "gone.png")])
    (tmp_path / "bad.png").write_bytes(Path(pictures[0]).read_bytes()[:30])
    with pytest.raises(BoxpaintError, match="no picture that can be read"):
        save_animation([str(tmp_path / "bad.png")], tmp_path / "film.gif")
    with pytest.raises(BoxpaintError, match="no picture"):
        sheet([])
