"""GLIGEN and ControlNet: what the model is told of the boxes, as published and beyond, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.errors import BoxpaintError
from engine.inpainting.class_colors import ADE20K, COCO_PANOPTIC, WALL, published_color, trained_color
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.methods.controlnet import class_picture
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import COCO_80
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from tests.families import make_controlnet, make_gligen, make_gligen_inpainting

OBJECTS = (
    LayoutObject("a", "cat", Box(0.1, 0.25, 0.52, 0.75)),
    LayoutObject("b", "dog", Box(0.5, 0.5, 1.0, 1.0)),
)
LAYOUT = Layout(64, 64, OBJECTS, caption="a cat")
TINY = GenerationSettings(steps=2, previews=False)


def _model(make, tmp_path_factory) -> LoadedModel:
    folder = make(tmp_path_factory.mktemp("grounding") / make.__name__)
    return load_pipeline(read_card(folder), device="cpu", precision="fp32")


@pytest.fixture(scope="module")
def gligen(tmp_path_factory) -> LoadedModel:
    return _model(make_gligen, tmp_path_factory)


@pytest.fixture(scope="module")
def gligen_inpaint(tmp_path_factory) -> LoadedModel:
    return _model(make_gligen_inpainting, tmp_path_factory)


@pytest.fixture(scope="module")
def controlnet(tmp_path_factory) -> LoadedModel:
    return _model(make_controlnet, tmp_path_factory)


def paint(model: LoadedModel, layout: Layout = LAYOUT, **values) -> list:
    settings = replace(TINY, **values)
    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    return list(painter.paint())


def refused(model: LoadedModel, layout: Layout, **values) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        paint(model, layout, **values)
    return caught.value


# -- GLIGEN


def test_gligen_reference_is_the_published_call_byte_for_byte(gligen) -> None:
    """LayoutBench-COCO: caption, phrases and normalised corners; all else is the pipeline's default."""
    import torch

    (ours,) = paint(gligen, pixels="reference", seed=4, guidance=7.5)
    torch.manual_seed(4)
    published = gligen.pipeline(
        prompt="a cat",
        gligen_phrases=["cat", "dog"],
        gligen_boxes=[[0.1, 0.25, 0.52, 0.75], [0.5, 0.5, 1.0, 1.0]],
        height=64,
        width=64,
        num_inference_steps=2,
    )
    assert ours.composite.tobytes() == published.images[0].tobytes()


def test_gligens_boxes_and_phrases_change_the_picture(gligen) -> None:
    # The grounding is on for the first 30 % of the steps.
    (first,) = paint(gligen, steps=4)
    moved = replace(LAYOUT, objects=(replace(OBJECTS[0], box=Box(0.5, 0.0, 0.9, 0.4)), OBJECTS[1]))
    (second,) = paint(gligen, moved, steps=4)
    (third,) = paint(gligen, replace(LAYOUT, objects=(replace(OBJECTS[0], prompt="bus"), OBJECTS[1])), steps=4)
    assert len({step.composite.tobytes() for step in (first, second, third)}) == 3


@pytest.mark.parametrize("name", ["gligen", "gligen_inpaint"])
def test_without_objects_the_caption_alone_is_painted(name, request) -> None:
    model = request.getfixturevalue(name)
    steps = paint(model, replace(LAYOUT, objects=()))
    assert len(steps) == 1 and steps[0].step.prompt == "a cat" and np.ptp(np.asarray(steps[0].composite)) > 0


def test_more_objects_than_gligen_takes_are_refused(gligen) -> None:
    crowd = tuple(replace(OBJECTS[0], id=f"o{number}") for number in range(31))
    assert "31" in str(refused(gligen, replace(LAYOUT, objects=crowd)))


def test_a_phrase_that_is_too_long_is_refused(gligen) -> None:
    error = refused(gligen, replace(LAYOUT, objects=(replace(OBJECTS[0], prompt="x" * 40),)))
    assert "xxx" in str(error) and "16" in str(error)


def test_gligen_inpaints_the_background_first_then_box_after_box(gligen_inpaint) -> None:
    steps = paint(gligen_inpaint)
    assert [(step.step.kind, step.step.object_id) for step in steps] == [
        ("background", None),
        ("foreground", "a"),
        ("foreground", "b"),
    ]
    for step in steps:
        changed = (np.asarray(step.composite) != np.asarray(step.context)).any(axis=-1)
        mask = np.asarray(step.mask) > 0
        assert changed.any() and not changed[~mask].any()
    assert (np.asarray(steps[0].mask) == 255).all()


def test_gligens_background_ends_where_a_branch_begins(gligen_inpaint) -> None:
    settings = replace(TINY, pixels="exact")
    plan = make_plan(LAYOUT, settings, gligen_inpaint.card)
    whole = paint(gligen_inpaint)
    painter = make_painter(plan, settings, gligen_inpaint, on_step=lambda *_: None, on_progress=lambda _: None)
    rest = list(painter.paint(first=1, context=whole[0].composite))
    assert [step.composite.tobytes() for step in rest] == [step.composite.tobytes() for step in whole[1:]]


def test_gligens_inpainting_form_needs_a_square_picture(gligen_inpaint) -> None:
    error = refused(gligen_inpaint, replace(LAYOUT, width=128))
    assert error.field == "size" and "square" in str(error)
    assert len(paint(gligen_inpaint, replace(LAYOUT, width=128), width=32, height=32)) == 3


def test_a_box_without_a_whole_cell_is_refused(gligen_inpaint) -> None:
    thin = replace(OBJECTS[0], box=Box(0.26, 0.2, 0.28, 0.9))
    error = refused(gligen_inpaint, replace(LAYOUT, objects=(OBJECTS[1], thin)))
    assert error.item == "object 1" and "4×4" in str(error)


# -- ControlNet


def test_controlnet_reference_is_the_published_call_byte_for_byte(controlnet) -> None:
    """LayoutBench-COCO's script: COCO's colours on ADE20K's wall, corners cut off and inclusive, caption as prompt."""
    import torch

    (ours,) = paint(controlnet, pixels="reference", seed=4, guidance=7.5)
    classes = Image.new("RGB", (64, 64), (120, 120, 120))
    draw = ImageDraw.Draw(classes)
    draw.rectangle([6, 16, 33, 48], fill=(255, 77, 255))
    draw.rectangle([32, 32, 64, 64], fill=(0, 226, 252))
    torch.manual_seed(4)
    published = controlnet.pipeline(prompt="a cat", image=classes, height=64, width=64, num_inference_steps=2)
    assert ours.composite.tobytes() == published.images[0].tobytes()
    assert ours.context.tobytes() == classes.tobytes(), "the timeline shows what led the model"


def test_the_picture_of_classes_changes_what_controlnet_paints(controlnet) -> None:
    (first,) = paint(controlnet)
    (second,) = paint(controlnet, replace(LAYOUT, objects=OBJECTS[:1]))
    assert first.composite.tobytes() != second.composite.tobytes()


def test_exact_class_pictures_have_half_open_boxes_and_ades_colours(controlnet) -> None:
    layout = replace(LAYOUT, objects=(LayoutObject("a", "tree", Box(0.25, 0.25, 0.5, 0.5)),))
    plan = make_plan(layout, TINY, controlnet.card)
    picture = np.asarray(class_picture(plan, "exact"))
    assert (picture[16:32, 16:32] == ADE20K["tree"]).all()
    assert (picture == WALL).all(axis=-1).sum() == 64 * 64 - 16 * 16
    assert plan.notes == ()


def test_both_palettes_are_whole() -> None:
    assert len(ADE20K) == 150 and len(COCO_PANOPTIC) == 133 and WALL == (120, 120, 120)
    assert ADE20K["flag"] == (92, 0, 255) and COCO_PANOPTIC["rug-merged"] == (250, 141, 255)
    assert tuple(COCO_PANOPTIC)[:80] == tuple(COCO_80)


@pytest.mark.parametrize("label", COCO_80)
def test_every_class_of_coco_has_a_colour_and_says_where_it_is_not_ades(label) -> None:
    color = trained_color(label)
    assert color is not None
    if color.rgb == COCO_PANOPTIC[label]:
        assert label in color.note
    else:
        assert color.rgb == ADE20K[color.name] and not color.note
    assert published_color(label).rgb == COCO_PANOPTIC[label]


@pytest.mark.parametrize(
    ("prompt", "name", "told"),
    [
        ("tree", "tree", False),
        ("a couch", "sofa", False),
        ("Trees", "tree", False),
        ("an old red bus", "bus", True),
        ("a cup on the dining table", "table", True),
        ("a bus near a car", "car", True),
    ],
)
def test_free_prompts_stand_for_the_class_they_name_and_say_so(prompt, name, told) -> None:
    color = trained_color(prompt)
    assert color is not None and (color.name, bool(color.note)) == (name, told)
    assert not told or prompt in color.note


@pytest.mark.parametrize(("pixels", "prompt"), [("exact", "red metal gizmo"), ("reference", "a cat")])
def test_a_prompt_without_a_class_is_refused_with_the_object(controlnet, pixels, prompt) -> None:
    strange = replace(LAYOUT, objects=(OBJECTS[0], replace(OBJECTS[1], prompt=prompt)))
    error = refused(controlnet, strange, pixels=pixels)
    assert error.item == "object 1" and prompt in str(error)
