"""``boxpaint render`` from the command line: LayoutBench's folders, resuming, and errors that say what to do."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PIL import Image

from desktop_app.__main__ import main
from engine.clevr.blender.installation import VARIABLE
from engine.formats import registry
from tests.clevr import fake_blender
from tests.formats.samples import FOLDER

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Blender is a script")


@pytest.fixture(autouse=True)
def blender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer whose only Blender is one that paints gray pictures."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return fake_blender.install(tmp_path / "bin")


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    path = tmp_path / "scenes.json"
    assert (
        main(["sample-layouts", "--split", "number_few", "--objects", "1-2", "--count", "3", "--out", str(path)]) == 0
    )
    return path


def render(capsys, *arguments: str | Path) -> tuple[int, dict]:
    capsys.readouterr()
    code = main(["render", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def error_of(capsys, *arguments: str | Path) -> dict:
    code, data = render(capsys, *arguments)
    assert code == 2
    return data["error"]


def test_the_output_is_a_layoutbench_folder(scenes, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    code, report = render(capsys, scenes, "--out", out)
    assert code == 0
    assert (report["pictures"], report["rendered"], report["failed"]) == (3, 3, [])
    files = {path.relative_to(out).as_posix() for path in out.rglob("*.json")}
    assert {"number/scenes/scenes_number_few.json", "number/coco/scenes_number_few_coco.json"} <= files
    given = registry.read(scenes)
    made = registry.read(out)
    assert made.format == "layoutbench-root"
    assert made.splits == ("number_few",)
    for before, after in zip(given.entries, made.entries, strict=True):
        assert after.name == before.name
        assert after.picture is not None
        assert after.picture.resolve() == out / "number" / "images" / f"{after.name}.png"
        assert [item.prompt for item in after.layout.objects] == [item.prompt for item in before.layout.objects]
        for old, new in zip(before.layout.objects, after.layout.objects, strict=True):
            assert new.box == old.box
            assert new.extra["visible_pixels"] == 16
            assert len(new.extra["visible_bbox"]) == 4
        assert sorted(after.layout.extra["depth_order"]) == list(range(len(after.layout.objects)))
    coco = registry.read(out / "number" / "coco" / "scenes_number_few_coco.json")
    assert [entry.layout.objects[0].box for entry in coco.entries] == [e.layout.objects[0].box for e in made.entries]


def test_what_is_there_is_not_rendered_again(scenes, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    render(capsys, scenes, "--out", out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.png")}
    gone = out / "number" / "images" / "number_few_000001.png"
    content = gone.read_bytes()
    gone.unlink()
    code, report = render(capsys, scenes, "--out", out)
    assert (code, report["rendered"], report["pictures"]) == (0, 1, 3)
    assert gone.read_bytes() == content
    after = {path: path.stat().st_mtime_ns for path in out.rglob("*.png")}
    assert {path for path in before if after[path] != before[path]} == {gone}


def test_new_scenes_are_sampled_and_those_that_hide_too_much_are_told(tmp_path, capsys) -> None:
    # The stand-in never shows enough of an object; a scene without any is fine.
    code, report = render(capsys, "--split", "number_few", "--count", "2", "--seed", "0", "--out", tmp_path / "out")
    assert code == 3
    made = registry.read(tmp_path / "out")
    assert len(made.entries) == report["pictures"] == 2 - len(report["failed"])
    assert made.entries
    assert all(not entry.layout.objects for entry in made.entries)
    assert "in none of" in report["failed"][0]["error"]["message"]


def test_given_scenes_with_hidden_objects_are_told(scenes, tmp_path, capsys) -> None:
    code = main(["render", str(scenes), "--out", str(tmp_path / "out")])
    told = capsys.readouterr()
    assert code == 0
    assert "3 pictures show less of an object" in told.err
    assert "3 of 3 pictures, 3 of them new" in told.out


def test_clevrs_own_scenes_get_their_size_and_boxes(tmp_path, capsys) -> None:
    code, _ = render(capsys, FOLDER / "clevr_scenes.json", "--out", tmp_path / "out")
    assert code == 0
    (path,) = (tmp_path / "out").rglob("*.png")
    with Image.open(path) as picture:
        assert picture.size == (480, 320)


def test_failed_pictures_leave_the_rest_and_exit_with_three(scenes, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("BLENDER_FAULT", "crash")
    code, report = render(capsys, scenes, "--out", tmp_path / "out", "--workers", "1")
    assert code == 2  # all three one after the other: nothing is left to hope for
    monkeypatch.setenv("BLENDER_FAULT_ONCE", str(tmp_path / "once"))
    code, report = render(capsys, scenes, "--out", tmp_path / "out", "--workers", "1")
    assert (code, report["pictures"]) == (0, 3)


def test_without_blender_the_error_says_what_to_do(scenes, tmp_path, capsys, blender) -> None:
    blender.unlink()
    error = error_of(capsys, scenes, "--out", tmp_path / "out")
    assert error["kind"] == "blender"
    assert "--setup" in error["hint"]


def test_a_picture_name_that_leads_out_of_the_folder_is_refused(scenes, tmp_path, capsys) -> None:
    for name in ("../../evil.png", "/tmp/evil.png", "a\\b.png", "..", ""):
        data = json.loads(scenes.read_text())
        data["scenes"][1]["image_filename"] = name
        scenes.write_text(json.dumps(data))
        error = error_of(capsys, scenes, "--out", tmp_path / "out")
        assert error["field"] == "image_filename"
        assert error["file"] == str(scenes)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("3d_coords", None), ("shape", "cone"), ("color", "pink"), ("material", "wood")]
)
def test_scenes_that_cannot_be_rendered_are_named(scenes, tmp_path, capsys, field, value) -> None:
    data = json.loads(scenes.read_text())
    first = data["scenes"][2]["objects"][0]
    first.pop(field)
    if value is not None:
        first[field] = value
    scenes.write_text(json.dumps(data))
    error = error_of(capsys, scenes, "--out", tmp_path / "out")
    assert error["field"] == field
    assert error["item"] == "number_few_000002, object 0"
    assert not list(tmp_path.rglob("*.png"))


def test_other_peoples_scenes_files_are_not_overwritten(scenes, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    theirs = out / "number" / "scenes" / "scenes_number_few.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(scenes.read_bytes())
    error = error_of(capsys, scenes, "--out", out)
    assert error["file"] == str(theirs)
    assert theirs.read_bytes() == scenes.read_bytes()


def test_fewer_scenes_do_not_replace_the_list_of_more(scenes, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    render(capsys, scenes, "--out", out)
    data = json.loads(scenes.read_text())
    del data["scenes"][0]
    scenes.write_text(json.dumps(data))
    assert "other scenes" in error_of(capsys, scenes, "--out", out)["message"]


def test_a_folder_that_cannot_be_written_is_named(scenes, unwritable, capsys) -> None:
    assert error_of(capsys, scenes, "--out", unwritable)["kind"] == "output"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["--out", "x"], "SCENES"),
        (["a.json", "--split", "clevr", "--out", "x"], "SCENES"),
        (["a.json"], "--out"),
        (["a.json", "--out", "x", "--workers", "0"], "--workers"),
        (["a.json", "--out", "x", "--timeout", "0"], "--timeout"),
        (["--split", "clevr", "--count", "0", "--out", "x"], "--count"),
        (["--split", "nothing", "--out", "x"], "split"),
        (["--setup"], "--setup"),
    ],
)
def test_wrong_usage_is_explained(arguments, field, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = error_of(capsys, *arguments)
    assert error["field"] == field
    assert error["hint"]
    assert not (tmp_path / "x").exists()


def test_ctrl_c_ends_with_130_and_leaves_no_blender(scenes, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("BLENDER_FAULT", "hang")
    command = [sys.executable, "-m", "desktop_app", "render", str(scenes), "--out", str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "3 pictures with" in process.stderr.readline()
        children: list[psutil.Process] = []
        while not children:
            children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert "cancelled" in process.stderr.read()
    assert process.returncode == 130
    assert not any(child.is_running() for child in children)
