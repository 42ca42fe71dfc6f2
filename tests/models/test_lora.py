"""LoRA files on a tiny real pipeline: at work, taken off again, recorded, and refused with the file's name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.__main__ import main
from engine.errors import BoxpaintError
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.sampler import check_sampling
from engine.inpainting.settings import GenerationSettings
from engine.models import lora as lora_module
from engine.models.card import read_card
from engine.models.families import FAMILIES
from engine.models.loading import LoadedModel, load_pipeline
from engine.models.lora import Lora, check_loras, use_loras
from engine.runs.execute import RunExecution
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest

pytest.importorskip("peft")

QUERY = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_q"
TINY = GenerationSettings(steps=2, width=64, height=48, previews=False)


def write_lora(file: Path, *, width: int = 16, prefix: str = "unet", seed: int = 0) -> Lora:
    """A LoRA of rank 2 on one attention of the tiny U-Net, in the form that diffusers writes."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    weights = {
        f"{prefix}.{QUERY}.lora_A.weight": torch.randn(2, width) * 5,
        f"{prefix}.{QUERY}.lora_B.weight": torch.randn(width, 2) * 5,
    }
    save_file(weights, file)
    return Lora(str(file))


@pytest.fixture(scope="module")
def model(tiny_pipeline) -> LoadedModel:
    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


def painted(model: LoadedModel, layout, *loras: Lora) -> bytes:
    settings = replace(TINY, loras=loras)
    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    return next(iter(painter.paint())).composite.tobytes()


def test_a_lora_changes_its_own_run_and_no_other(model, two_objects, tmp_path) -> None:
    one, two = write_lora(tmp_path / "one.safetensors"), write_lora(tmp_path / "two.safetensors", seed=1)
    plain = painted(model, two_objects)
    first = painted(model, two_objects, one)
    both = painted(model, two_objects, one, two)
    again = painted(model, two_objects, one)
    weak = painted(model, two_objects, replace(one, scale=0.1))
    assert len({plain, first, both, weak}) == 4
    assert again == first, "the second file was taken off"
    assert painted(model, two_objects, replace(one, scale=0.0)) == plain
    assert painted(model, two_objects) == plain, "nothing leaks into a run that wants none"
    assert not any(model.pipeline.get_list_adapters().values())


def test_a_file_that_was_replaced_is_read_anew(model, two_objects, tmp_path) -> None:
    lora = write_lora(tmp_path / "one.safetensors")
    first = painted(model, two_objects, lora)
    write_lora(tmp_path / "new.safetensors", seed=3)
    (tmp_path / "new.safetensors").replace(tmp_path / "one.safetensors")
    assert painted(model, two_objects, lora) != first


@pytest.mark.parametrize(
    ("values", "word"), [({"width": 24}, "does not fit"), ({"prefix": "transformer"}, "belongs to this model")]
)
def test_what_does_not_fit_is_refused_and_leaves_the_model_as_it_was(
    model, two_objects, tmp_path, values, word
) -> None:
    plain = painted(model, two_objects)
    good, bad = write_lora(tmp_path / "good.safetensors"), write_lora(tmp_path / "bad.safetensors", **values)
    with pytest.raises(BoxpaintError) as caught:
        use_loras(model.pipeline, [good, bad])
    assert caught.value.file == bad.file and word in str(caught.value) and "SDXL" in str(caught.value.hint)
    assert painted(model, two_objects) == plain


def _broken(folder: Path) -> Path:
    (folder / "broken.safetensors").write_bytes(b"\x00" * 100)
    return folder / "broken.safetensors"


def _pickle(folder: Path) -> Path:
    (folder / "lora.bin").write_bytes(b"\x80\x02}q\x00.")
    return folder / "lora.bin"


def _no_lora(folder: Path) -> Path:
    import torch
    from safetensors.torch import save_file

    save_file({"weight": torch.zeros(2)}, folder / "model.safetensors")
    return folder / "model.safetensors"


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda folder: folder / "absent.safetensors", "no such file"),
        (_broken, "cannot be read"),
        (_pickle, "safetensors"),
        (_no_lora, "no LoRA"),
    ],
)
def test_bad_files_are_refused_before_the_model_is_loaded(tiny_pipeline, tmp_path, make, word) -> None:
    path = make(tmp_path)
    with pytest.raises(BoxpaintError) as caught:
        check_sampling(replace(TINY, loras=(Lora(str(path)),)), read_card(tiny_pipeline))
    assert caught.value.file == str(path) and caught.value.field == "lora" and word in str(caught.value)


def test_a_family_without_loras_and_a_missing_package_are_told(tiny_pipeline, tmp_path, monkeypatch) -> None:
    lora, card = write_lora(tmp_path / "one.safetensors"), read_card(tiny_pipeline)
    gligen = next(family for family in FAMILIES if not family.loras)
    with pytest.raises(BoxpaintError) as caught:
        check_loras([lora], replace(card, pipeline_class=gligen.pipeline_class, channels=gligen.channels))
    assert gligen.title in str(caught.value)
    with pytest.raises(BoxpaintError) as caught:
        check_loras([lora, lora], card)
    assert "twice" in str(caught.value)
    monkeypatch.setattr(lora_module, "find_spec", lambda name: None)
    with pytest.raises(BoxpaintError) as caught:
        check_loras([lora], card)
    assert "peft" in str(caught.value) and "boxpaint[lora]" in str(caught.value.hint)


def test_the_command_line_takes_file_and_scale(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Lora.parse("a.safetensors") == Lora(str(tmp_path / "a.safetensors"))
    assert Lora.parse("a.safetensors:0.5") == Lora(str(tmp_path / "a.safetensors"), 0.5)
    assert Lora.parse("a:b.safetensors").scale == 1.0


def test_settings_with_loras_survive_json_and_wrong_ones_do_not() -> None:
    settings = replace(TINY, loras=(Lora("/a.safetensors", 0.5),))
    assert GenerationSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    for wrong in ([{"path": "a"}], ["a"], [{"file": 3}], 7, [{"file": "a", "scale": "x"}]):
        with pytest.raises(BoxpaintError) as caught:
            GenerationSettings.from_dict({"loras": wrong})
        assert caught.value.field == "loras"


def test_a_run_records_its_loras(model, two_objects, tmp_path) -> None:
    lora = replace(write_lora(tmp_path / "one.safetensors"), scale=0.5)
    settings, folder = replace(TINY, loras=(lora,)), tmp_path / "run"
    request = GenerationRequest(
        run="run",
        layout=two_objects,
        settings=settings,
        model=str(model.card.folder),
        folder=str(folder),
        detector=None,
    )
    RunExecution(request, emit=lambda _: None, load=lambda *_: model, cancelled=lambda: False).run()
    record = read_record(folder)
    (fact,) = record["model"]["loras"]
    assert (fact["file"], fact["scale"], len(fact["sha256"])) == (lora.file, 0.5, 64)
    assert GenerationRequest.from_dict(record["request"], folder=str(folder)) == request


def test_an_export_is_painted_with_them(tiny_pipeline, tmp_path, capsys) -> None:
    lora = write_lora(tmp_path / "one.safetensors")
    entry = {"id": 1, "caption": "cube", "box_captions": ["cube"], "boxes_normalized": [[0.1, 0.1, 0.6, 0.6]]}
    (tmp_path / "all_layouts.json").write_text(json.dumps([entry]))

    def export(out: str, *more: str) -> bytes:
        common = ["--model", tiny_pipeline, "--size", "64", "--steps", "2", "--workers", "0"]
        given = [tmp_path / "all_layouts.json", "--out", tmp_path / out, *common, *more]
        assert main(["batch", *map(str, given)]) == 0
        capsys.readouterr()
        (picture,) = (tmp_path / out).rglob("1.png")
        return Image.open(picture).tobytes()

    assert export("with", "--lora", f"{lora.file}:0.5") != export("without")
