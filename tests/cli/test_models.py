"""``boxpaint models``: real folders are listed, imported, checked and removed; the hub is out of reach."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from desktop_app.cli import run
from engine.detection.loading import find_detector, load_detector
from engine.models.catalogue import find_model
from engine.models.published import PUBLISHED
from tests.detection.detr_reference import Detr, randomise
from tests.detection.test_detr import SMALL, save


@pytest.fixture(autouse=True)
def own_models(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "own"
    monkeypatch.setenv("BOXPAINT_MODELS", str(folder))
    return folder


@pytest.fixture
def source(tiny_pipeline, tmp_path) -> Path:
    """A copy of the tiny pipeline that a test may spoil."""
    return Path(shutil.copytree(tiny_pipeline, tmp_path / "source"))


def told(capsys, *words: object, code: int = 0) -> dict:
    assert run(["models", *map(str, words), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def listed(capsys) -> dict[str, dict]:
    return {entry["name"]: entry for entry in told(capsys, "list")["models"]}


def test_published_models_are_listed_as_not_installed(capsys) -> None:
    models = listed(capsys)
    assert models["clevr-mini"]["installed"] and not models["iterinpaint-clevr"]["installed"]
    assert run(["models", "list"]) == 0
    assert "j-min/IterInpaint-CLEVR" in capsys.readouterr().out


def test_an_imported_folder_is_listed_used_and_removed(capsys, source, layout_file, tmp_path) -> None:
    told(capsys, "import", source, "--name", "mine")
    assert listed(capsys)["mine"]["installed"]
    assert find_model("mine").inpaints
    words = ["--model", "mine", "--steps", "1", "--json"]
    assert run(["generate", str(layout_file), "--out", str(tmp_path / "out"), *words]) == 0
    capsys.readouterr()
    told(capsys, "remove", "mine")
    assert "mine" not in listed(capsys) and source.is_dir()


def test_only_text_and_safetensors_are_taken_in(capsys, source, own_models, tmp_path) -> None:
    (source / "unet" / "pytorch_model.bin").write_bytes(b"pickle")
    (source / "code.py").write_text("raise SystemExit")
    (tmp_path / "secret.txt").write_text("secret")
    (source / "secret.txt").symlink_to(tmp_path / "secret.txt")
    result = told(capsys, "import", source, "--name", "mine")
    assert result["left_out"] == ["code.py", "secret.txt", "unet/pytorch_model.bin"]
    assert not [path for path in own_models.rglob("*") if path.suffix in (".bin", ".py") or path.name == "secret.txt"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: shutil.rmtree(folder / "vae"), "vae"),
        (lambda folder: next((folder / "unet").glob("*.safetensors")).unlink(), "unet"),
        (lambda folder: (folder / "unet" / "config.json").write_text("{"), "config.json"),
        (lambda folder: cut_short(next((folder / "unet").glob("*.safetensors"))), "safetensors"),
        (lambda folder: (folder / "unet" / "more.safetensors").symlink_to(folder / "gone"), "more.safetensors"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused_and_nothing_is_left(capsys, source, own_models, spoil, reason) -> None:
    spoil(source)
    checked = told(capsys, "check", source, code=2)
    assert not checked["usable"] and any(item["serious"] and reason in item["file"] for item in checked["findings"])
    assert reason in str(told(capsys, "import", source, code=2)["error"])
    assert not own_models.exists() or not list(own_models.iterdir())


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def test_a_sound_folder_is_told_to_be(capsys, tiny_pipeline) -> None:
    checked = told(capsys, "check", tiny_pipeline)
    placing = checked.pop("placing")
    assert checked == {"model": str(tiny_pipeline), "path": str(tiny_pipeline), "usable": True, "findings": []}
    assert "needs about 1 MiB of" in placing and "free on" in placing
    assert told(capsys, "check", "clevr-mini")["usable"] and told(capsys, "check", "clevr-mini-detector")["usable"]


def test_pickles_code_and_networks_without_a_mask_are_noted(capsys, source) -> None:
    (source / "unet" / "model.bin").write_bytes(b"")
    (source / "run.py").write_text("")
    config = json.loads((source / "unet" / "config.json").read_text())
    (source / "unet" / "config.json").write_text(json.dumps({**config, "in_channels": 4}))
    checked = told(capsys, "check", source)
    assert checked["usable"] and [item["file"] for item in checked["findings"]] == ["run.py", "unet", "unet/model.bin"]


def test_a_detr_checkpoint_becomes_a_detector_with_the_datasets_labels(capsys, tmp_path) -> None:
    reference = Detr(**{**SMALL, "classes": 4}).eval()
    randomise(reference)
    checkpoint = save(tmp_path, reference, nheads=4)
    labels = tmp_path / "coco.json"
    labels.write_text(json.dumps({"categories": [{"id": 3, "name": "dog"}, {"id": 1, "name": "cat"}]}))
    told(capsys, "import", checkpoint, "--name", "detr", "--labels", labels)
    assert listed(capsys)["detr"]["kind"] == "detector"
    assert load_detector(find_detector("detr")).labels == ("cat", "dog")
    labels.write_text(json.dumps({"categories": [{"id": 4, "name": "dog"}]}))
    assert (
        told(capsys, "import", checkpoint, "--name", "b", "--labels", labels, code=2)["error"]["field"] == "categories"
    )
    assert told(capsys, "import", checkpoint, "--name", "b", code=2)["error"]["field"] == "--labels"


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "x" * 80])
def test_a_name_cannot_leave_the_folder(capsys, source, tmp_path, name) -> None:
    before = sorted(tmp_path.rglob("*"))
    if name:
        assert told(capsys, "import", source, f"--name={name}", code=2)["error"]["field"] == "--name"
    assert run(["models", "remove", name or "..", "--json"]) == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_is_taken_is_refused(capsys, source) -> None:
    told(capsys, "import", source, "--name", "mine")
    assert "already" in told(capsys, "import", source, "--name", "mine", code=2)["error"]["message"]


def test_other_things_are_not_imported(capsys, tmp_path) -> None:
    file = tmp_path / "model.ckpt"
    torch.save({}, file)
    error = told(capsys, "import", file, code=2)["error"]
    assert "no table of weights" in error["message"] and "state_dict" in error["hint"]
    file.write_bytes(b"")
    error = told(capsys, "import", file, code=2)["error"]
    assert "empty" in error["message"] and "again" in error["hint"]
    (tmp_path / "model.tar").write_bytes(b"")
    error = told(capsys, "import", tmp_path / "model.tar", code=2)["error"]
    assert all(ending in error["message"] for ending in (".ckpt", ".pth", ".onnx", ".whl"))
    assert "no such" in told(capsys, "import", tmp_path / "none", code=2)["error"]["message"]
    (tmp_path / "empty").mkdir()
    assert "model_index.json" in told(capsys, "import", tmp_path / "empty", code=2)["error"]["message"]


def test_a_broken_model_does_not_hide_the_others(capsys, source, own_models) -> None:
    told(capsys, "import", source, "--name", "mine")
    (own_models / "mine" / "model_index.json").write_text("{")
    models = listed(capsys)
    assert not models["mine"]["installed"] and "JSON" in models["mine"]["problem"] and models["clevr-mini"]["installed"]


def test_fetching_without_a_network_says_what_to_do(capsys) -> None:
    error = told(capsys, "fetch", "iterinpaint-clevr", code=2)["error"]
    assert error["kind"] == "download" and "j-min/IterInpaint-CLEVR" in error["hint"]
    assert not listed(capsys)["iterinpaint-clevr"]["installed"], "half a download is no model"


PIPELINES = [model for model in PUBLISHED if model.kind == "pipeline"]


@pytest.mark.parametrize("model", PIPELINES, ids=lambda model: model.name)
def test_a_published_models_card_is_understood(model, source, capsys, own_models) -> None:
    card = {"schema_version": 1, "name": model.name, "kind": "pipeline", **model.card}
    (source / "boxpaint.json").write_text(json.dumps(card))
    told(capsys, "import", source, "--name", model.name)
    read = find_model(model.name)
    assert read.size == tuple(model.card["size"]) and read.guidance == model.card["defaults"]["guidance"]
