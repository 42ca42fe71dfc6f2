"""A finished picture is told apart from one that was never written, and from a file of somebody else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.clevr.blender.look import RenderSettings
from engine.clevr.blender.records import RenderFolder, Shot
from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scene
from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject


@pytest.fixture(scope="module")
def shots() -> list[Shot]:
    scenes = [sample_scene(rules_of("number_few", count=(1, 2)), 0, index) for index in range(3)]
    return [Shot(scene.name, "number", scene.layout) for scene in scenes]


@pytest.fixture
def folder(tmp_path: Path) -> RenderFolder:
    return RenderFolder(tmp_path / "out", RenderSettings())


def test_only_what_has_both_files_is_finished(folder, shots) -> None:
    assert folder.pending(shots) == shots
    folder.keep(shots[1], b"a picture", {"attempt": 0})
    assert folder.pending(shots) == [shots[0], shots[2]]
    assert folder.read(shots[1])["attempt"] == 0
    folder.picture(shots[1]).unlink()
    assert folder.pending(shots) == shots


def test_files_lie_where_layoutbench_has_them(folder, shots) -> None:
    folder.keep(shots[0], b"a picture", {})
    found = sorted(path.relative_to(folder.root).as_posix() for path in folder.root.rglob("*.*"))
    assert found == ["number/images/number_few_000000.png", "number/truth/number_few_000000.json"]


def test_a_picture_of_somebody_else_is_not_overwritten(folder, shots) -> None:
    path = folder.picture(shots[0])
    path.parent.mkdir(parents=True)
    path.write_bytes(b"mine")
    with pytest.raises(BoxpaintError, match="not made by Boxpaint"):
        folder.pending(shots)
    assert path.read_bytes() == b"mine"


def test_a_changed_picture_is_not_overwritten(folder, shots) -> None:
    folder.keep(shots[0], b"a picture", {})
    folder.picture(shots[0]).write_bytes(b"retouched")
    with pytest.raises(BoxpaintError, match="changed after it was rendered"):
        folder.pending(shots)


@pytest.mark.parametrize("change", [{"samples": 17}, {"light_jitter": 0.5}, {"denoise": False}])
def test_pictures_of_other_settings_are_not_mixed(folder, shots, change) -> None:
    folder.keep(shots[0], b"a picture", {})
    with pytest.raises(BoxpaintError, match="other settings"):
        replace(folder, settings=replace(folder.settings, **change)).pending(shots)


def test_pictures_of_another_scene_are_not_mixed(folder, shots) -> None:
    folder.keep(shots[0], b"a picture", {})
    with pytest.raises(BoxpaintError, match="another scene"):
        folder.pending([replace(shots[0], layout=shots[1].layout)])


@pytest.mark.parametrize("content", ["", "[]", "{", '{"made_from": 1}'])
def test_a_damaged_record_is_reported(folder, shots, content) -> None:
    folder.keep(shots[0], b"a picture", {})
    folder.record(shots[0]).write_text(content)
    with pytest.raises(BoxpaintError) as caught:
        folder.pending(shots)
    assert caught.value.file == str(folder.record(shots[0]))
    assert caught.value.hint


def test_two_scenes_cannot_share_a_file(folder, shots) -> None:
    with pytest.raises(BoxpaintError, match="two scenes"):
        folder.pending([shots[0], replace(shots[1], name=shots[0].name.upper())])


def test_a_scene_that_cannot_be_rendered_is_named_before_any_is(folder, shots) -> None:
    first = shots[1].layout.objects[0]
    broken = Layout(320, 320, (LayoutObject("a", first.prompt, first.box),))
    with pytest.raises(BoxpaintError) as caught:
        folder.pending([shots[0], replace(shots[1], layout=broken)])
    assert caught.value.item == f"{shots[1].name}, object 0"
    assert caught.value.field == "3d_coords"


def test_a_folder_that_cannot_be_written_is_named(shots, unwritable) -> None:
    with pytest.raises(BoxpaintError) as caught:
        RenderFolder(unwritable, RenderSettings()).pending(shots)
    assert caught.value.kind == "output"


def test_the_record_says_what_the_picture_is(folder, shots) -> None:
    folder.keep(shots[0], b"a picture", {"depth_order": [0]})
    record = json.loads(folder.record(shots[0]).read_text())
    assert record["picture"] == "number_few_000000.png"
    assert record["depth_order"] == [0]


@pytest.mark.parametrize("wrong", [{"samples": 0}, {"threshold": 2.0}, {"light_jitter": -1.0}])
def test_settings_out_of_range_are_refused(wrong) -> None:
    with pytest.raises(BoxpaintError) as caught:
        RenderSettings(**wrong)
    assert caught.value.field == next(iter(wrong))
