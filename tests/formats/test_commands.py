"""The commands for layout files, from the command line to the exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop_app.cli import run
from engine.formats import registry
from tests.formats.samples import FILES, FOLDER


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run([*arguments, "--json"]) == code
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return dict(json.loads(out))


@pytest.mark.parametrize("file", FILES)
def test_inspect_tells_what_is_in_a_file(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, asked = FILES[file]
    options = [f"--size={asked['size'][0]}x{asked['size'][1]}"] if "size" in asked else []
    options += ["--boxes", asked["boxes"]] if "boxes" in asked else []
    told = as_json(capsys, "inspect", str(FOLDER / file), *options)
    assert told["format"] == name
    assert sum(layout["objects"] for layout in told["layouts"]) == told["statistics"]["objects"]
    assert run(["inspect", str(FOLDER / file), *options]) == 0
    assert name in capsys.readouterr().out


def test_inspect_draws_statistics(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "statistics.png"
    told = as_json(capsys, "inspect", str(FOLDER / "scenes_number_few.json"), "--picture", str(picture))
    assert Image.open(picture).size == (1200, 820)
    assert told["statistics_picture"] == str(picture)
    assert 0 < told["distance_from_clevr"]["counts"] <= 1


def test_a_guess_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, "inspect", str(FOLDER / "nsr1k.json"), "--size", "512")
    assert told["guess"]["reading"] == "xywh-normalised"
    assert told["guess"]["decided"] is False
    assert told["guess"]["scores"]["xywh-normalised"] == 1
    told = as_json(capsys, "inspect", str(FOLDER / "nsr1k.json"), "--size", "512", "--boxes", "xywh-normalised")
    assert told["guess"]["decided"] is True


def test_convert_writes_another_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "coco.json"
    told = as_json(capsys, "convert", str(FOLDER / "scenes_number_few.json"), str(out), "--to", "coco")
    assert (told["from"], told["to"], told["layouts"], told["objects"]) == ("layoutbench", "coco", 2, 2)
    assert registry.read(out).format == "coco"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["convert", "clevr_scenes.json", "out.json", "--to", "coco"], "bbox"),
        (["convert", "nsr1k.json", "out.json", "--to", "coco"], "size"),
        (["convert", "nsr1k.json", "out.json", "--to", "coco", "--size", "9x"], "size"),
        (["convert", "instances.json", "out.json", "--to", "coco", "--split", "none"], "split"),
        (["convert", "instances.json", "out.json", "--to", "nothing"], "format"),
        (["convert", "instances.json", "out.json", "--to", "coco", "--from", "labelme", "--size", "9"], "shapes"),
        (["convert", "instances.json", "out.json", "--to", "sevenbench"], None),
        (["inspect", "none.json"], None),
        (["sample-layouts", "--split", "none", "--out", "out.json"], "split"),
        (["sample-layouts", "--split", "clevr", "--out", "out.json", "--objects", "a-b"], "objects"),
        (["sample-layouts", "--split", "clevr", "--out", "out.json", "--count", "0"], "count"),
        (["sample-layouts", "--split", "clevr", "--out", "out.json", "--seed", "-1"], "seed"),
    ],
)
def test_bad_usage_is_one_sentence(
    arguments: list[str],
    field: str | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in FOLDER.glob("*.json"):
        shutil.copy(file, tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    error = as_json(capsys, *arguments, code=2)["error"]
    assert error["field"] == field
    assert error["message"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_sample_layouts_writes_scenes_and_coco(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "few.json"
    told = as_json(capsys, "sample-layouts", "--split", "number_few", "--count", "4", "--seed", "3", "--out", str(out))
    assert told["layouts"] == 4
    assert [registry.read(path).format for path in told["files"]] == ["layoutbench", "coco"]
    again = tmp_path / "again.json"
    assert run(["sample-layouts", "--split", "number_few", "--count", "4", "--seed", "3", "--out", str(again)]) == 0
    assert again.read_bytes() == out.read_bytes()


def test_sample_layouts_makes_new_splits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--split", "clevr", "--name", "wide", "--count", "2", "--objects", "2-3"]
    arguments += ["--scale", "0.3-0.4", "--aspect", "2:1", "--jitter", "0"]
    as_json(capsys, "sample-layouts", *arguments, "--out", str(tmp_path / "root"))
    dataset = registry.read(tmp_path / "root")
    assert dataset.format == "layoutbench-root"
    assert dataset.splits == ("wide",)
    assert all(2 <= len(entry.layout.objects) <= 3 for entry in dataset.entries)


def test_sample_layouts_takes_any_prompts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = tmp_path / "words.txt"
    words.write_text("cat\nsofa\n")
    for prompts in ("cat,sofa", str(words)):
        out = tmp_path / "position.json"
        arguments = ["--split", "position", "--prompts", prompts, "--count", "3", "--size", "640x480"]
        as_json(capsys, "sample-layouts", *arguments, "--out", str(out))
        dataset = registry.read(out)
        assert dataset.format == "layoutbench-coco"
        assert {item.prompt for entry in dataset.entries for item in entry.layout.objects} == {"cat", "sofa"}


def test_fetching_without_a_network_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "data"
    error = as_json(capsys, "datasets", "fetch", "layoutbench", "--out", str(out), code=2)["error"]
    assert error["kind"] == "download"
    assert "j-min/layoutbench" in error["hint"]
