"""The detector protocol, the built-in detector's folder, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import safetensors.torch
from PIL import Image

from engine.detection.center import WEIGHTS
from engine.detection.kinds import CONFIG
from engine.detection.loading import load_detector
from engine.errors import BoxpaintError
from engine.events import Detection
from engine.layout.vocabulary import CLEVR_48


def refused(folder: Path) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        load_detector(folder)
    assert caught.value.kind == "model" and caught.value.file and caught.value.hint
    return caught.value


def test_pictures_of_any_size_and_mode_give_sorted_detections(folder):
    detector = load_detector(folder)
    assert detector.name == "tiny" and detector.labels == CLEVR_48
    results = detector.detect([Image.new("L", (100, 37)), Image.new("RGBA", (64, 64), "red")])
    assert len(results) == 2
    for found in results:
        assert all(isinstance(item, Detection) and item.label in CLEVR_48 and 0 < item.score <= 1 for item in found)
        assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
        assert len(found) <= 100
    assert detector.detect([]) == []


def test_missing_and_foreign_folders_are_refused(folder, tmp_path):
    assert "no such detector folder" in str(refused(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    assert "no detector folder" in str(refused(tmp_path / "empty"))
    (folder / CONFIG).write_text(json.dumps({"model_type": "bert"}))
    assert "not known (bert)" in str(refused(folder))
    (folder / CONFIG).write_text("{")
    assert "JSON" in str(refused(folder))
    (folder / CONFIG).write_text("[]")
    assert "JSON object" in str(refused(folder))


def test_weights_that_do_not_fit_are_refused(folder):
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | {"widths": [8, 8, 8, 16]}))
    assert "do not fit" in str(refused(folder))
    (folder / CONFIG).write_text(json.dumps(config | {"side": 100}))
    assert "multiple of 32" in str(refused(folder))
    (folder / CONFIG).write_text(json.dumps(config))
    (folder / WEIGHTS).write_bytes(b"not safetensors")
    assert "cannot be read" in str(refused(folder))
    (folder / WEIGHTS).unlink()
    assert "missing" in str(refused(folder))


def test_numbers_that_are_none_are_refused(folder):
    weights = safetensors.torch.load_file(folder / WEIGHTS)
    weights["output.weight"].fill_(float("nan"))
    safetensors.torch.save_file(weights, folder / WEIGHTS)
    with pytest.raises(BoxpaintError, match="numbers that are none"):
        load_detector(folder).detect([Image.new("RGB", (64, 64))])
