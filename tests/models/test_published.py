"""The published models' entries: each card can be read, its method takes its family, and the window's presets agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.inpainting.methods import find_method
from engine.inpainting.sampler import check_sampling
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.published import PUBLISHED, PublishedModel
from tests.families import MAKERS
from ui.panels.run_options import PRESETS

PIPELINES = [entry for entry in PUBLISHED if entry.kind == "pipeline"]
FAMILY_OF = {
    "iterinpaint-clevr": "sd15",
    "iterinpaint-coco": "sd15",
    "sd15-inpainting": "sd15",
    "sd2-inpainting": "sd2",
    "sdxl-inpainting": "sdxl",
    "flux-fill": "flux",
    "gligen": "gligen",
    "gligen-inpaint": "gligen-inpaint",
    "controlnet-seg": "controlnet-seg",
}
"""Whose tiny pipeline has the entry's classes and configuration keys; ReCo's is Stable Diffusion's with more tokens."""


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("published")
    return {name: MAKERS[name](root / name) for name in sorted(set(FAMILY_OF.values()))}


def entry_of(name: str) -> PublishedModel:
    return next(entry for entry in PIPELINES if entry.name == name)


def test_every_pipeline_has_a_family() -> None:
    assert {entry.name for entry in PIPELINES} == {*FAMILY_OF, "reco-coco"}


@pytest.mark.parametrize("name", FAMILY_OF)
def test_an_entrys_card_goes_with_its_family_and_its_method(name, pipelines, tmp_path) -> None:
    for part in pipelines[FAMILY_OF[name]].iterdir():
        (tmp_path / part.name).symlink_to(part)
    index = json.loads((tmp_path / "model_index.json").read_text())
    assert {**index, **entry_of(name).index} == index, "the tiny pipeline is of the classes that the entry sets"
    (tmp_path / "boxpaint.json").write_text(json.dumps(entry_of(name).card))
    card = read_card(tmp_path)
    find_method(card.method).check(card)
    check_sampling(GenerationSettings(), card)
    assert card.size[0] % card.size_multiple == 0


@pytest.mark.parametrize(("preset", "name"), [("paper-clevr", "iterinpaint-clevr"), ("paper-coco", "iterinpaint-coco")])
def test_the_papers_presets_are_the_published_settings_of_its_models(preset, name) -> None:
    values = next(entry.values for entry in PRESETS if entry.id == preset)
    card = entry_of(name).card
    assert {key: values[key] for key in ("steps", "guidance", "area")} == {
        key: card["defaults"][key] for key in ("steps", "guidance", "area")
    }
    assert values["pixels"] == "reference"
    assert ("{caption}" in card["prompts"]["foreground"]) == (card.get("form") == "coco")
