"""Every method on tiny real pipelines: what it plans, what it asks of the model, and what it refuses beforehand."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from engine.errors import BoxpaintError
from engine.inpainting import methods, plug_ins
from engine.inpainting.compositing import PIXEL_MODES
from engine.inpainting.methods import find_method, make_painter, make_plan, method_names
from engine.inpainting.methods.iterative import IterInpaint
from engine.inpainting.prompts import joined_prompt, ldm_prompt, ldm_tokens, reco_prompt, reco_tokens
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from tests.pipelines import make_tiny_pipeline

OBJECTS = (
    LayoutObject("a", "red metal cube", Box(0.0, 0.25, 0.5, 0.75)),
    LayoutObject("b", "blue rubber sphere", Box(0.5, 0.5, 1.0, 1.0)),
)
LAYOUT = Layout(64, 64, OBJECTS)
TINY = GenerationSettings(steps=2, previews=False)


@pytest.fixture(scope="module")
def text_folder(tmp_path_factory) -> Path:
    """A tiny text-to-image pipeline whose card says nothing of a method."""
    tokens = [*reco_tokens(), *ldm_tokens(CLEVR_48)]
    return make_tiny_pipeline(tmp_path_factory.mktemp("text"), inpainting=False, text_length=64, tokens=tokens)


@pytest.fixture(scope="module")
def text_model(text_folder) -> LoadedModel:
    return load_pipeline(read_card(text_folder), device="cpu", precision="fp32")


@pytest.fixture(scope="module")
def inpainting_model(tiny_pipeline) -> LoadedModel:
    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


def paint(model: LoadedModel, settings: GenerationSettings, layout: Layout = LAYOUT, told: list | None = None) -> list:
    told = [] if told is None else told
    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=told.append)
    return list(painter.paint())


def refused(layout: Layout, settings: GenerationSettings, model: LoadedModel) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        paint(model, settings, layout)
    return caught.value


def test_recos_prompt_names_each_box_in_coordinate_tokens() -> None:
    assert reco_prompt("a room", OBJECTS[:1]) == (
        "a room <|endoftext|> <bin000> <bin250> <bin500> <bin749> <|startoftext|> red metal cube <|endoftext|>"
    )
    assert set(reco_prompt("", OBJECTS).split()) & set(reco_tokens()) >= {"<bin999>"}


def test_ldms_prompt_names_class_and_corners() -> None:
    words = ldm_prompt(OBJECTS, CLEVR_48).split()
    assert words[0] == f"<class{CLEVR_48.index('red metal cube'):02d}>"
    assert words[1:3] == [f"<place{8 * 32:04d}>", f"<place{24 * 32 + 16:04d}>"]
    assert words[-1] == "<place1023>", "the last cell holds the picture's lower right corner"
    assert set(words) <= set(ldm_tokens(CLEVR_48))


def test_an_unknown_class_is_refused_with_the_object() -> None:
    with pytest.raises(BoxpaintError) as caught:
        ldm_prompt((*OBJECTS, LayoutObject("c", "a dog", OBJECTS[0].box)), CLEVR_48)
    assert caught.value.item == "object 2" and "a dog" in str(caught.value)


def test_text_only_takes_the_caption_or_the_objects() -> None:
    assert joined_prompt("a room", OBJECTS) == "a room"
    assert joined_prompt(" ", OBJECTS) == "red metal cube and blue rubber sphere"


@pytest.mark.parametrize("method", ["reco", "ldm", "text-only"])
def test_a_single_step_method_paints_one_whole_picture(text_model, method) -> None:
    model = replace(text_model, card=replace(text_model.card, vocabulary="clevr-48"))
    settings = replace(TINY, method=method, previews=True)
    told: list = []
    steps = paint(model, settings, told=told)
    assert [(step.step.kind, step.step.object_id) for step in steps] == [("whole", None)]
    assert steps[0].composite.size == (64, 64) and np.ptp(np.asarray(steps[0].composite)) > 0
    assert [progress.iteration for progress in told] == list(range(1, len(told) + 1)) and told[0].picture is not None
    again = paint(model, settings)
    assert again[0].composite.tobytes() == steps[0].composite.tobytes()
    other = paint(model, replace(settings, seed=1))
    assert other[0].composite.tobytes() != steps[0].composite.tobytes()


def test_the_layout_changes_what_reco_paints_and_not_what_text_only_does(text_model) -> None:
    moved = Layout(64, 64, (replace(OBJECTS[0], box=Box(0.0, 0.0, 0.3, 0.3)), OBJECTS[1]))

    def changes(method: str) -> bool:
        settings = replace(TINY, method=method)
        one, two = paint(text_model, settings), paint(text_model, settings, moved)
        return one[0].composite.tobytes() != two[0].composite.tobytes()

    assert changes("reco") and not changes("text-only")


def test_a_prompt_that_the_text_encoder_would_cut_off_is_refused(text_model) -> None:
    crowd = Layout(64, 64, tuple(LayoutObject(f"o{i}", "red metal cube", OBJECTS[0].box) for i in range(40)))
    error = refused(crowd, replace(TINY, method="reco"), text_model)
    assert "40 objects" in str(error) and "64" in str(error)


@pytest.fixture(scope="module")
def reco_model(tmp_path_factory) -> LoadedModel:
    """ReCo's form: an encoder of 616 places beside a tokenizer that is set to 77, as plain Stable Diffusion's is."""
    folder = make_tiny_pipeline(
        tmp_path_factory.mktemp("reco"), inpainting=False, text_length=616, tokens=[*reco_tokens()]
    )
    config = folder / "tokenizer" / "tokenizer_config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "model_max_length": 77}))
    return load_pipeline(read_card(folder), device="cpu", precision="fp32")


def test_recos_prompts_go_beyond_77_tokens_and_its_last_object_counts(reco_model) -> None:
    crowd = tuple(LayoutObject(f"o{i}", "red metal cube", OBJECTS[0].box) for i in range(40))
    assert len(reco_model.pipeline.tokenizer(reco_prompt("", crowd))["input_ids"]) > 300
    settings = replace(TINY, method="reco")
    (first,) = paint(reco_model, settings, Layout(64, 64, crowd))
    other = (*crowd[:-1], replace(crowd[-1], prompt="blue rubber sphere"))
    (second,) = paint(reco_model, settings, Layout(64, 64, other))
    assert first.composite.tobytes() != second.composite.tobytes()
    assert reco_model.pipeline.tokenizer.model_max_length == 77, "other methods read what they always did"
    plain = paint(reco_model, replace(TINY, method="text-only"))
    assert paint(reco_model, settings, Layout(64, 64, crowd))[0].composite.tobytes() == first.composite.tobytes()
    assert paint(reco_model, replace(TINY, method="text-only"))[0].composite.tobytes() == plain[0].composite.tobytes()
    too_many = Layout(64, 64, tuple(replace(crowd[0], id=f"o{i}") for i in range(80)))
    assert "616" in str(refused(too_many, settings, reco_model))


def test_reco_reference_is_the_published_call_byte_for_byte(reco_model) -> None:
    """LayoutBench-COCO: the prompt alone, padded to the encoder's 616 places; all else is the pipeline's default."""
    import torch

    (ours,) = paint(reco_model, replace(TINY, method="reco", pixels="reference", seed=4, guidance=7.5))
    prompt = (
        " <|endoftext|> <bin000> <bin250> <bin500> <bin749> <|startoftext|> red metal cube <|endoftext|> "
        "<bin500> <bin500> <bin999> <bin999> <|startoftext|> blue rubber sphere <|endoftext|>"
    )
    torch.manual_seed(4)
    reco_model.pipeline.tokenizer.model_max_length = 616
    published = reco_model.pipeline(prompt=prompt, height=64, width=64, num_inference_steps=2).images[0]
    reco_model.pipeline.tokenizer.model_max_length = 77
    assert ours.composite.tobytes() == published.tobytes()


def test_an_inpainting_prompt_that_would_be_cut_off_is_refused(inpainting_model) -> None:
    long = Layout(64, 64, (replace(OBJECTS[0], prompt="x" * 40), OBJECTS[1]))
    assert "xxx" in str(refused(long, TINY, inpainting_model))
    assert len(paint(inpainting_model, replace(TINY, pixels="reference"), long)) == 3, "as the published code does"


def test_all_objects_are_painted_in_one_mask(inpainting_model) -> None:
    steps = paint(inpainting_model, replace(TINY, method="iterinpaint-parallel"))
    assert [step.step.kind for step in steps] == ["foreground", "background"]
    assert steps[0].step.prompt == "Add red metal cube and blue rubber sphere"
    background = PIXEL_MODES["exact"].background_mask([item.box for item in OBJECTS], (64, 64))
    outside = np.asarray(background) > 0
    assert ((np.asarray(steps[0].mask) == 0) == outside).all()
    assert (np.asarray(steps[0].composite)[outside] == 0).all(), "nothing outside the boxes is touched"
    kept = np.asarray(steps[1].composite)[~outside]
    assert (kept == np.asarray(steps[0].composite)[~outside]).all()


def test_parallel_without_objects_paints_the_background_alone(inpainting_model) -> None:
    steps = paint(inpainting_model, replace(TINY, method="iterinpaint-parallel"), Layout(64, 64))
    assert [step.step.kind for step in steps] == ["background"]


@pytest.mark.parametrize("compositing", ["paste", "repaint"])
def test_parallel_reference_runs_repeat(inpainting_model, compositing) -> None:
    settings = replace(TINY, method="iterinpaint-parallel", pixels="reference", compositing=compositing)
    one, two = paint(inpainting_model, settings), paint(inpainting_model, settings)
    assert one[-1].composite.tobytes() == two[-1].composite.tobytes()
    assert one[-1].composite.tobytes() == one[-1].raw.tobytes(), "the published loop takes the last result whole"


def test_parallel_refuses_zoom(inpainting_model) -> None:
    assert refused(LAYOUT, replace(TINY, method="iterinpaint-parallel", area="zoom"), inpainting_model).field == "area"


@pytest.mark.parametrize("method", [None, "iterinpaint", "iterinpaint-parallel"])
def test_a_text_to_image_model_is_refused_by_inpainting_methods_with_what_would_work(text_model, method) -> None:
    error = refused(LAYOUT, replace(TINY, method=method), text_model)
    assert "not for inpainting" in str(error) and "text-only" in str(error.hint)


@pytest.mark.parametrize("method", ["reco", "ldm", "text-only"])
def test_an_inpainting_model_is_refused_by_single_step_methods(inpainting_model, method) -> None:
    error = refused(LAYOUT, replace(TINY, method=method), inpainting_model)
    assert method in str(error) and "iterinpaint" in str(error.hint)


def test_the_models_card_chooses_the_method(text_folder, text_model, tmp_path) -> None:
    card = {"defaults": {"method": "text-only"}}
    copy = tmp_path / "copy"
    copy.mkdir()
    for part in text_folder.iterdir():
        (copy / part.name).symlink_to(part)
    (copy / "boxpaint.json").write_text(json.dumps(card))
    model = replace(text_model, card=read_card(copy))
    assert [step.step.kind for step in paint(model, TINY)] == ["whole"]


def test_ldm_needs_a_list_of_classes(text_model) -> None:
    assert refused(LAYOUT, replace(TINY, method="ldm"), text_model).field == "vocabulary"


def test_an_unknown_method_lists_what_there_is(inpainting_model) -> None:
    error = refused(LAYOUT, replace(TINY, method="magic"), inpainting_model)
    assert error.field == "method" and "reco" in str(error.hint)


PLUGGED = IterInpaint(name="plugged")


@pytest.fixture
def plug_in(monkeypatch):
    """Entry points as an installed package would bring them."""

    def install(value: str) -> None:
        point = EntryPoint("plugged", value, plug_ins.ENTRY_POINTS)
        monkeypatch.setattr(plug_ins, "entry_points", lambda group: [point])
        plug_ins.plug_ins.cache_clear()

    yield install
    monkeypatch.undo()
    plug_ins.plug_ins.cache_clear()


def test_a_package_can_add_a_method(inpainting_model, plug_in) -> None:
    plug_in(f"{__name__}:PLUGGED")
    assert method_names()[-1] == "plugged" and find_method("plugged") is PLUGGED
    assert len(paint(inpainting_model, replace(TINY, method="plugged"))) == 3


def test_the_example_of_the_documentation_works(inpainting_model, plug_in, tmp_path, monkeypatch) -> None:
    text = (Path(__file__).parents[2] / "docs" / "methods.md").read_text("utf-8")
    code = text[text.index("    from dataclasses") : text.index("A plug-in that")]
    (tmp_path / "my_lab_methods.py").write_text(dedent(code))
    monkeypatch.syspath_prepend(tmp_path)
    plug_in("my_lab_methods:METHOD")
    small_first = Layout(64, 64, (replace(OBJECTS[0], box=Box(0, 0, 0.2, 0.2)), OBJECTS[1]))
    steps = paint(inpainting_model, replace(TINY, method="plugged"), small_first)
    assert [step.step.object_id for step in steps] == ["b", "a", None]


def test_a_broken_package_is_named(inpainting_model, plug_in) -> None:
    plug_in("no_such_module:METHOD")
    error = refused(LAYOUT, replace(TINY, method="plugged"), inpainting_model)
    assert "plugged" in str(error) and "no_such_module" in str(error)


@pytest.mark.parametrize("name", [method.name for method in methods.BUILT_IN])
def test_every_method_says_what_it_is_and_which_frames_it_has(name) -> None:
    method = find_method(name)
    assert method.about and set(method.frames) <= {"context", "mask", "preview", "raw", "composite"}
    assert "composite" in method.frames
