"""A detector that does not know what the layouts ask for is refused before anything is painted or looked at."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from desktop_app.cli import run
from engine.detection.fitting import check_fit, facts_of, load_fitting
from engine.detection.kinds import KINDS, read_place, recognise
from engine.errors import BoxpaintError
from engine.layout.vocabulary import CLEVR_48
from tests.onnx_models import save_constant

PHOTOGRAPHS = Path(__file__).parents[1] / "data" / "photographs"
BUILT_IN = "clevr-mini-detector"


@pytest.fixture(autouse=True)
def own_models(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def yolo(tmp_path) -> Path:
    pytest.importorskip("onnxruntime")
    columns = np.zeros((1, 6, 84), np.float32)
    return save_constant(tmp_path / "pets.onnx", [columns], metadata={"names": "['cat', 'dog']"})


def refused(*words: object, capsys) -> dict:
    capsys.readouterr()
    assert run([*map(str, words), "--json"]) == 2
    return json.loads(capsys.readouterr().out)["error"]


def test_some_known_prompts_are_enough() -> None:
    assert check_fit(BUILT_IN, ("a horse", "Red  Metal cube")) == ("a horse",)
    assert check_fit(BUILT_IN, ()) == ()
    assert load_fitting(BUILT_IN, "cpu", CLEVR_48).labels == CLEVR_48


def test_the_refusal_names_both_sides_and_what_would_work(yolo, capsys) -> None:
    with pytest.raises(BoxpaintError) as caught:
        check_fit(BUILT_IN, ("cat", "dog"))
    assert "(cat, dog)" in str(caught.value) and "blue metal cube" in str(caught.value.hint)
    assert "models fetch picodet-416" in str(caught.value.hint), "nothing installed fits"
    assert run(["models", "import", str(yolo), "--name", "pets"]) == 0
    with pytest.raises(BoxpaintError, match="Installed and fitting: pets"):
        check_fit(BUILT_IN, ("cat", "dog"))
    with pytest.raises(BoxpaintError, match="open vocabulary"):
        check_fit(BUILT_IN, ("a unicorn in the rain",))
    with pytest.raises(BoxpaintError, match="knows none"):
        check_fit(str(yolo), CLEVR_48)


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", PHOTOGRAPHS, "--layouts", PHOTOGRAPHS, "--protocol", "layoutbench-coco", "--allow-missing"),
        ("report", PHOTOGRAPHS, "--layouts", PHOTOGRAPHS, "--protocol", "layoutbench-coco", "--out", "out"),
        ("detect", PHOTOGRAPHS, "--layouts", PHOTOGRAPHS, "--out", "out.json"),
        ("study", "compositing", PHOTOGRAPHS, "--out", "out", "--protocol", "layoutbench-coco"),
        ("generate", PHOTOGRAPHS / "count_layouts_all.json", "--out", "out", "--detector", BUILT_IN),
    ],
    ids=lambda words: words[0],
)
def test_every_command_says_so_before_it_begins(words, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = refused(*words, capsys=capsys)
    assert error["field"] == "detector" and "knows none" in error["message"] and "cat" in error["message"]
    assert not (tmp_path / "out").exists() and not (tmp_path / "out.json").exists(), "nothing was begun"


def test_an_imported_yolo_is_listed_checked_and_used(yolo, own_models, capsys, tmp_path) -> None:
    assert run(["models", "import", str(yolo), "--name", "pets"]) == 0
    capsys.readouterr()
    assert run(["models", "list", "--json"]) == 0
    (entry,) = [item for item in json.loads(capsys.readouterr().out)["models"] if item["name"] == "pets"]
    assert (entry["kind"], entry["detector"], entry["classes"], entry["installed"]) == ("detector", "yolo", 2, True)
    assert run(["models", "list"]) == 0 and "YOLO (ONNX), 2 classes" in capsys.readouterr().out
    assert run(["models", "check", "pets", "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert not finding["serious"] and "without objectness" in finding["text"]
    words = ["--layouts", str(PHOTOGRAPHS / "count_layouts_all.json"), "--out", str(tmp_path / "r.json")]
    assert run(["detect", str(PHOTOGRAPHS), *words, "--detector", "pets"]) == 0
    assert "without objectness" in capsys.readouterr().err, "how it was understood is said"
    (own_models / "pets" / "model.onnx").write_bytes(b"broken")
    assert run(["models", "check", "pets", "--json"]) == 2


def test_names_that_a_file_lacks_come_from_a_file_of_names(capsys, tmp_path) -> None:
    pytest.importorskip("onnxruntime")
    file = save_constant(tmp_path / "plain.onnx", [np.zeros((1, 6, 84))])
    assert refused("models", "import", file, "--name", "plain", capsys=capsys)["field"] == "--labels"
    (tmp_path / "pets.names").write_text("cat\ndog\n")
    (tmp_path / "data.yaml").write_text("nc: 2\nnames:\n  0: cat\n  1: dog\n")
    for name, labels in (("a", "pets.names"), ("b", "data.yaml"), ("c", None)):
        given = str(tmp_path / labels) if labels else "cat,dog"
        assert run(["models", "import", str(file), "--name", name, "--labels", given]) == 0
        check_fit(name, ("cat", "dog"))
        assert facts_of(tmp_path / "own" / name).labels == ("cat", "dog")
    missing = refused("models", "import", file, "--name", "d", "--labels", tmp_path / "no.names", capsys=capsys)
    assert "no such file" in missing["message"]


def test_kinds_are_recognised_by_what_lies_in_the_folder(tmp_path, yolo) -> None:
    assert recognise(read_place(yolo)).name == "yolo"
    for architecture, kind in (("boxpaint-center", "center"), ("owlv2", "open-vocabulary"), ("d_fine", "detr")):
        folder = tmp_path / kind
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps({"model_type": architecture}))
        assert recognise(read_place(folder)).name == kind
    two = tmp_path / "two"
    two.mkdir()
    for name in ("a.onnx", "b.onnx"):
        (two / name).write_bytes(b"")
    with pytest.raises(BoxpaintError, match="no detector folder"):
        recognise(read_place(two))
    (two / "config.json").write_text("[1")
    with pytest.raises(BoxpaintError, match="JSON"):
        read_place(two)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_classes_that_a_detector_lacks_are_told_before_pictures_are_opened(yolo, tmp_path, capsys) -> None:
    pictures = Path(shutil.copytree(PHOTOGRAPHS, tmp_path / "pictures"))
    (pictures / "coffee.jpg").write_bytes(b"no picture")
    words = ["evaluate", pictures, "--layouts", PHOTOGRAPHS, "--detector", yolo, "--protocol", "layoutbench-coco"]
    assert run([*map(str, words), "--json"]) == 2
    findings = json.loads(capsys.readouterr().out)["preflight"]
    assert [item["kind"] for item in findings] == ["undetectable-categories"]
    assert set(findings[0]["items"]) == {"person", "dining table", "cup", "spoon"}
