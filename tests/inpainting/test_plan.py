"""From a layout to steps: orders, seeds, prompts, sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.inpainting.methods import make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import ModelCard

CARD = ModelCard(name="m", folder=Path("m"), pipeline_class="StableDiffusionInpaintPipeline", size=(512, 512))
LAYOUT = Layout(
    640,
    480,
    (
        LayoutObject("low", "red metal cube", Box(0.1, 0.6, 0.3, 0.9)),
        LayoutObject("big", "blue rubber sphere", Box(0.3, 0.2, 0.9, 0.8)),
        LayoutObject("high", "gray metal cylinder", Box(0.0, 0.0, 0.2, 0.2)),
    ),
)


def ids(order: str, *, seed: int = 0, layout: Layout = LAYOUT) -> list[str | None]:
    return [step.object_id for step in make_plan(layout, GenerationSettings(order=order, seed=seed), CARD).steps]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("given", ["low", "big", "high"]),
        ("top-down", ["high", "big", "low"]),
        ("bottom-up", ["low", "big", "high"]),
        ("large-to-small", ["big", "low", "high"]),
        ("small-to-large", ["high", "low", "big"]),
    ],
)
def test_orders(order, expected) -> None:
    assert ids(order) == [*expected, None]


def test_random_order_follows_the_seed_and_ignores_hidden_objects() -> None:
    orders = {tuple(ids("random", seed=seed)) for seed in range(40)}
    assert len(orders) == 6
    full = ids("random", seed=5)
    hidden = LAYOUT.with_objects(
        LayoutObject(item.id, item.prompt, item.box, hidden=item.id == "big") for item in LAYOUT.objects
    )
    assert ids("random", seed=5, layout=hidden) == [name for name in full if name != "big"]


def test_no_objects_leave_the_background() -> None:
    plan = make_plan(Layout(320, 320), GenerationSettings(), CARD)
    assert [(step.kind, step.prompt) for step in plan.steps] == [("background", "Add gray background")]


def test_seeds_depend_on_run_seed_and_object_alone() -> None:
    def seeds(**settings):
        steps = make_plan(LAYOUT, GenerationSettings(**settings), CARD).steps
        return {step.object_id: step.seed for step in steps}

    assert seeds() == seeds(order="bottom-up", compositing="repaint", steps=3)
    assert len(set(seeds().values())) == 4
    assert not set(seeds().values()) & set(seeds(seed=1).values())
    assert set(seeds(pixels="reference").values()) == {None}


def test_an_objects_own_seed_wins() -> None:
    own = LAYOUT.with_object(LayoutObject("big", "blue rubber sphere", Box(0.3, 0.2, 0.9, 0.8), seed=7))
    assert make_plan(own, GenerationSettings(), CARD).steps[1].seed == 7


def test_the_size_follows_the_model_and_the_layouts_proportions() -> None:
    plan = make_plan(LAYOUT, GenerationSettings(), CARD)
    assert (plan.width, plan.height) == (592, 440)
    asked = make_plan(LAYOUT, GenerationSettings(width=640, height=480), CARD)
    assert (asked.width, asked.height) == (640, 480)


def test_a_size_that_does_not_fit_is_refused_with_one_that_does() -> None:
    with pytest.raises(BoxpaintError) as caught:
        make_plan(LAYOUT, GenerationSettings(width=641, height=480), CARD)
    assert caught.value.field == "width" and "640" in str(caught.value)


def test_an_empty_prompt_is_refused_unless_hidden() -> None:
    empty = LayoutObject("low", "  ", Box(0.1, 0.6, 0.3, 0.9))
    with pytest.raises(BoxpaintError) as caught:
        make_plan(LAYOUT.with_object(empty), GenerationSettings(), CARD)
    assert (caught.value.item, caught.value.field) == ("object 0", "prompt")
    hidden = LayoutObject("low", "  ", Box(0.1, 0.6, 0.3, 0.9), hidden=True)
    assert len(make_plan(LAYOUT.with_object(hidden), GenerationSettings(), CARD).steps) == 3


@pytest.mark.parametrize(
    "values",
    [
        {"steps": 0},
        {"steps": 2.5},
        {"guidance": float("nan")},
        {"order": "sideways"},
        {"width": 512},
        {"seed": -1},
        {"pixels": "reference", "area": "zoom"},
    ],
)
def test_bad_settings_are_refused(values) -> None:
    with pytest.raises(BoxpaintError):
        GenerationSettings(**values)


def test_settings_survive_json_and_unknown_ones_are_refused() -> None:
    settings = GenerationSettings(steps=3, area="zoom", width=64, height=32, seed=9)
    assert GenerationSettings.from_dict(settings.to_dict()) == settings
    with pytest.raises(BoxpaintError) as caught:
        GenerationSettings.from_dict({"stepz": 3})
    assert caught.value.field == "stepz"
