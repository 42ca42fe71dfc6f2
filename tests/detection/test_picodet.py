"""PicoDet, a real COCO detector: fetched as a user would, and the LayoutBench-COCO protocol from photographs to scores.

Needs OpenVINO and, for 67 MB, the package index; where either is missing these tests are skipped and say so.
"""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from desktop_app.cli import run
from engine.detection.loading import load_detector
from engine.errors import BoxpaintError
from engine.layout.vocabulary import COCO_80
from engine.models.packages import download, fetch_package, unpack
from engine.models.published import PUBLISHED
from tests.onnx_models import save_constant

PHOTOGRAPHS = Path(__file__).parents[1] / "data" / "photographs"
MODEL = next(model for model in PUBLISHED if model.name == "picodet-416")
assert MODEL.package is not None
PACKAGE = MODEL.package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    try:
        return download(PACKAGE, tmp_path_factory.mktemp("wheel"), lambda text: None)
    except BoxpaintError as error:
        pytest.skip(f"the package index cannot be reached: {error.message}")


@pytest.fixture
def own_models(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def installed(wheel, own_models) -> Path:
    assert run(["models", "import", str(wheel), "--name", "picodet-416"]) == 0
    return own_models / "picodet-416"


def told(capsys, *words: object, code: int = 0) -> dict:
    capsys.readouterr()
    assert run([*map(str, words), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_it_is_installed_listed_and_sound(installed, capsys) -> None:
    pytest.importorskip("openvino")
    names = {path.name for path in installed.iterdir()}
    assert names == {"boxpaint.json", "boxpaint-files.json", *(file.name for file in PACKAGE.files)}
    (entry,) = [model for model in told(capsys, "models", "list")["models"] if model["name"] == "picodet-416"]
    assert (entry["kind"], entry["licence"], entry["detector"], entry["classes"]) == (
        "detector",
        "Apache-2.0",
        "picodet",
        80,
    )
    assert entry["installed"] and entry["bytes"] > 7_800_000
    checked = told(capsys, "models", "check", "picodet-416")
    assert checked["usable"] and checked["hashed"] == 2 and not checked["findings"]
    assert load_detector(installed).labels == tuple(COCO_80)


def test_photographs_are_detected_and_scored_by_the_layoutbench_coco_protocol(installed, capsys, tmp_path) -> None:
    pytest.importorskip("openvino")
    results = tmp_path / "results.json"
    words = ["--layouts", PHOTOGRAPHS, "--detector", "picodet-416"]
    assert told(capsys, "detect", PHOTOGRAPHS, "--out", results, *words)["pictures"] == 3
    rows = json.loads(results.read_text())
    best = {row["image_id"]: row["category_id"] for row in sorted(rows, key=lambda row: row["score"])}
    assert best == {"astronaut": COCO_80["person"], "chelsea": COCO_80["cat"], "coffee": COCO_80["cup"]}
    scores = told(capsys, "evaluate", PHOTOGRAPHS, *words, "--protocol", "layoutbench-coco", "--shuffled")
    assert not scores["preflight"], "real pictures with all their layouts: nothing to say"
    assert set(scores["splits"]) == {"count", "combinations"}
    assert scores["splits"]["count"]["AP50"] == pytest.approx(1.0), "person and cat"
    assert scores["splits"]["combinations"]["AP50"] > 0.6, "table and cup at least"
    again = told(
        capsys, "evaluate", "--detections", results, "--layouts", PHOTOGRAPHS, "--protocol", "layoutbench-coco"
    )
    assert again["overall"] == pytest.approx(scores["overall"]), "stored detections score the same"


def test_a_spoilt_model_is_told(installed, capsys) -> None:
    pytest.importorskip("openvino")
    (installed / "model.pdiparams").write_bytes((installed / "model.pdiparams").read_bytes()[:1000])
    texts = [item["text"] for item in told(capsys, "models", "check", "picodet-416", code=2)["findings"]]
    assert any("cannot be loaded" in text for text in texts)
    (installed / "model.pdiparams").unlink()
    texts = [item["text"] for item in told(capsys, "models", "check", "picodet-416", code=2)["findings"]]
    assert any("missing" in text for text in texts)


def test_files_with_another_hash_are_refused_and_nothing_is_left(wheel, own_models, tmp_path, capsys) -> None:
    spoilt = tmp_path / PACKAGE.wheel
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(spoilt, "w") as copy:
        for file in PACKAGE.files:
            copy.writestr(file.path, source.read(file.path) + b"!")
    error = told(capsys, "models", "import", spoilt, "--name", "spoilt", code=2)["error"]
    assert "hash" in error["message"] and error["item"] == PACKAGE.files[0].path
    assert not own_models.exists() or not list(own_models.iterdir())


def test_other_wheels_and_broken_ones_are_refused(own_models, tmp_path, capsys) -> None:
    other = tmp_path / "other-1.0-py3-none-any.whl"
    other.write_bytes(b"PK")
    assert (
        "no published model" in told(capsys, "models", "import", other, "--name", "other", code=2)["error"]["message"]
    )
    broken = Path(shutil.copy(other, tmp_path / PACKAGE.wheel))
    with pytest.raises(BoxpaintError, match="download it again"):
        unpack(PACKAGE, broken, tmp_path)


def test_without_an_index_it_is_told_how_to_get_it_elsewhere(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(BoxpaintError) as caught:
        fetch_package(PACKAGE, tmp_path, lambda text: None)
    assert caught.value.kind == "download" and PACKAGE.wheel in str(caught.value.hint)


def test_another_networks_files_are_refused(tmp_path) -> None:
    pytest.importorskip("openvino")
    import numpy as np

    save_constant(tmp_path / "model.onnx", [np.zeros((1, 6))])
    (tmp_path / "model.onnx").rename(tmp_path / "model.pdmodel")
    (tmp_path / "model.pdiparams").write_bytes(b"")
    with pytest.raises(BoxpaintError, match=r"cannot be loaded|inputs are"):
        load_detector(tmp_path)


def test_without_pip_the_way_round_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pip", None)
    with pytest.raises(BoxpaintError, match="no pip") as caught:
        download(PACKAGE, tmp_path, lambda text: None)
    assert caught.value.item == f"{PACKAGE.name}=={PACKAGE.version}"
    assert PACKAGE.wheel in caught.value.hint and "boxpaint models import" in caught.value.hint
