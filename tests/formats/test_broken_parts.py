"""Folders in which some files are broken: refused by name, or left out and named, as the caller wishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.formats import registry
from engine.layout import Box, Layout, LayoutObject

LAYOUTS = [
    registry.Entry(f"scene_{number}", Layout(320, 320, (LayoutObject("o1", "red metal cube", box),)), "number_few")
    for number, box in enumerate((Box(0.1, 0.1, 0.4, 0.4), Box(0.2, 0.2, 0.5, 0.5), Box(0.3, 0.3, 0.6, 0.6)))
]
BROKEN = '{"objects": ['


def a_folder(path: Path, format: str) -> tuple[Path, list[Path]]:
    """A folder with three layouts and its files."""
    registry.write(path, LAYOUTS, format)
    suffix = "*.txt" if format == "yolo" else "*.json"
    return path, sorted((path / "labels" if format == "yolo" else path).rglob(suffix))


@pytest.mark.parametrize("format", ["boxpaint", "labelme", "layoutbench", "yolo"])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_the_rest_is_read_and_the_broken_file_is_named(tmp_path: Path, format: str, which: int) -> None:
    folder, files = a_folder(tmp_path / "layouts", format)
    files[which].write_text("0 1 2\n" if format == "yolo" else BROKEN)
    with pytest.raises(BoxpaintError) as refused:
        registry.read(folder, size=(320, 320))
    assert refused.value.file == str(files[which])
    dataset = registry.read(folder, size=(320, 320), skip_broken=True)
    assert dataset.format == format
    assert [entry.name for entry in dataset.entries] == [
        entry.name for number, entry in enumerate(LAYOUTS) if number != which
    ]
    assert [error.file for error in dataset.broken] == [str(files[which])]


def test_a_split_of_a_layoutbench_folder_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    registry.write(
        tmp_path / "root", [*LAYOUTS, registry.Entry("tiny", Layout(320, 320), "size_tiny")], "layoutbench-root"
    )
    scenes = tmp_path / "root" / "number" / "scenes" / "scenes_number_few.json"
    head, tail = scenes.read_text().rsplit('"bbox"', 1)
    scenes.write_text(f'{head}"bbox": 3, "was"{tail}')
    dataset = registry.read(tmp_path / "root", skip_broken=True)
    assert [entry.split for entry in dataset.entries] == ["size_tiny"]
    (error,) = dataset.broken
    assert (error.file, error.item) == (str(scenes), "scene 2, object 0")


def test_other_layouts_among_instancediffusion_files(tmp_path: Path) -> None:
    good = '{"caption": "c", "width": 9, "height": 9, "annos": []}'
    for name, content in (("a.json", good), ("b.json", BROKEN), ("c.json", '{"annos": [3], "width": 9, "height": 9}')):
        (tmp_path / name).write_text(content)
    dataset = registry.read(tmp_path, skip_broken=True)
    assert [entry.name for entry in dataset.entries] == ["a"]
    assert [Path(str(error.file)).name for error in dataset.broken] == ["b.json", "c.json"]


def test_where_nothing_can_be_read_the_first_error_is_told(tmp_path: Path) -> None:
    folder, files = a_folder(tmp_path / "layouts", "boxpaint")
    for file in files:
        file.write_text(BROKEN)
    with pytest.raises(BoxpaintError) as refused:
        registry.read(folder, skip_broken=True)
    assert refused.value.file == str(files[0])


def test_a_single_file_is_refused_as_ever(tmp_path: Path) -> None:
    (tmp_path / "a.layout.json").write_text(BROKEN)
    with pytest.raises(BoxpaintError):
        registry.read(tmp_path / "a.layout.json", skip_broken=True)
