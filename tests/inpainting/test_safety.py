"""The safety checker that some models bring, a real tiny one: shown, switched, and what it blanks is no result."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.__main__ import main
from engine.errors import BoxpaintError
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.safety import checker_state
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from tests.pipelines import add_safety_checker, make_tiny_pipeline

TINY = GenerationSettings(steps=2, width=64, height=48, previews=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A tiny pipeline whose checker takes every picture for unfit."""
    folder = make_tiny_pipeline(tmp_path_factory.mktemp("checked") / "checked")
    return add_safety_checker(folder, strict=True)


@pytest.fixture(scope="module")
def model(folder) -> LoadedModel:
    return load_pipeline(read_card(folder), device="cpu", precision="fp32")


def paint(model: LoadedModel, layout, **values) -> list:
    settings = replace(TINY, **values)
    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    return list(painter.paint())


def test_a_picture_that_the_checker_blanks_is_told_and_is_no_result(model, two_objects) -> None:
    with pytest.raises(BoxpaintError) as caught:
        paint(model, two_objects)
    assert caught.value.kind == "safety" and "--safety-checker off" in str(caught.value.hint)


def test_switched_off_it_does_not_look_and_is_there_again_afterwards(model, tiny_pipeline, two_objects) -> None:
    plain = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")
    steps = paint(model, two_objects, safety_checker="off")
    assert [step.composite.tobytes() for step in steps] == [
        step.composite.tobytes() for step in paint(plain, two_objects)
    ]
    with pytest.raises(BoxpaintError):
        paint(model, two_objects, safety_checker="on")
    off = replace(model, card=replace(model.card, safety_checker="off"))
    assert len(paint(off, two_objects)) == 3, "the card's default"


def test_a_checker_that_is_not_there_cannot_be_switched_on(tiny_pipeline) -> None:
    card = read_card(tiny_pipeline)
    assert not card.has_checker and checker_state(TINY, card) == "none"
    with pytest.raises(BoxpaintError) as caught:
        checker_state(replace(TINY, safety_checker="on"), card)
    assert caught.value.field == "safety_checker"


def test_a_card_may_switch_it_off_and_a_wrong_word_is_refused(folder, tmp_path) -> None:
    for part in folder.iterdir():
        (tmp_path / part.name).symlink_to(part)
    (tmp_path / "boxpaint.json").write_text(json.dumps({"defaults": {"safety_checker": "off"}}))
    assert checker_state(TINY, read_card(tmp_path)) == "off"
    (tmp_path / "boxpaint.json").write_text(json.dumps({"defaults": {"safety_checker": "maybe"}}))
    with pytest.raises(BoxpaintError) as caught:
        read_card(tmp_path)
    assert caught.value.field == "safety_checker"


def test_an_export_counts_a_blanked_picture_as_failed(folder, tmp_path, capsys) -> None:
    entry = {"caption": "cube", "box_captions": ["cube"], "boxes_normalized": [[0.1, 0.1, 0.6, 0.6]]}
    (tmp_path / "all_layouts.json").write_text(json.dumps([{**entry, "id": 1}]))
    common = ["--model", folder, "--size", "64", "--steps", "2", "--workers", "0", "--json"]

    def export(out: str, *more: str) -> tuple[int, dict]:
        given = [tmp_path / "all_layouts.json", "--out", tmp_path / out, *common, *more]
        return main(["batch", *map(str, given)]), json.loads(capsys.readouterr().out)

    code, data = export("on")
    assert code == 3 and "safety checker" in json.dumps(data["failed"]) and data["done"] == 0
    code, data = export("off", "--safety-checker", "off")
    assert code == 0 and data["failed"] == [] and data["done"] == 1


def test_a_check_of_the_folder_tells_of_it(folder, capsys) -> None:
    assert main(["models", "check", str(folder)]) == 0
    assert "safety checker" in capsys.readouterr().out


def test_the_list_of_models_tells_of_it(folder, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path))
    (tmp_path / "mine").mkdir()
    for part in folder.iterdir():
        (tmp_path / "mine" / part.name).symlink_to(part)
    (tmp_path / "mine" / "boxpaint.json").write_text(json.dumps({"defaults": {"safety_checker": "off"}}))
    assert main(["models", "list", "--json"]) == 0
    listed = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)["models"]}
    assert listed["mine"]["safety_checker"] == "off" and "safety_checker" not in listed["clevr-mini"]
