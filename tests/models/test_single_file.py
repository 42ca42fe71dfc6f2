"""Original checkpoints in one file: written in the old names by an independent table, taken in, and painted with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.__main__ import main
from engine.errors import BoxpaintError
from engine.models.card import read_card
from engine.models.catalogue import find_model
from engine.models.loading import load_pipeline
from engine.models.single_file import Conversion, convert_single_file

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}


def unet_name(name: str, layers: int) -> str:
    """The name that the original code gives to a weight of diffusers' U-Net (``openaimodel.py``)."""
    fixed = {
        "conv_in.": "input_blocks.0.0.",
        "time_embedding.linear_1.": "time_embed.0.",
        "time_embedding.linear_2.": "time_embed.2.",
        "conv_norm_out.": "out.0.",
        "conv_out.": "out.2.",
        "mid_block.resnets.0.": "middle_block.0.",
        "mid_block.attentions.0.": "middle_block.1.",
        "mid_block.resnets.1.": "middle_block.2.",
    }
    for new, old in fixed.items():
        if name.startswith(new):
            name = old + name[len(new) :]
    if match := re.match(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.*)", name):
        side, block, kind, number, rest = match.groups()
        per_block = layers + 1
        if side == "down":
            place = (int(block) + 1) * per_block if kind == "downsamplers" else 1 + int(block) * per_block + int(number)
            part = {"resnets": "0", "attentions": "1", "downsamplers": "0"}[kind]
            name = f"input_blocks.{place}.{part}.{rest.replace('conv.', 'op.') if kind == 'downsamplers' else rest}"
        else:
            place = int(block) * per_block + (layers if kind == "upsamplers" else int(number))
            # The first up block of the tiny U-Net attends, so its upsampler is the third thing in its place.
            part = {"resnets": "0", "attentions": "1", "upsamplers": "2"}[kind]
            name = f"output_blocks.{place}.{part}.{rest}"
    if "transformer_blocks" not in name:
        for new, old in RESNET.items():
            name = re.sub(rf"(\.\d+)\.{new}\.", rf"\1.{old}.", name)
    return f"model.diffusion_model.{name}"


def vae_name(name: str, levels: int) -> str:
    """The name that the original code gives to a weight of diffusers' autoencoder (``autoencoder.py``)."""
    name = re.sub(r"encoder\.down_blocks\.(\d+)\.resnets", r"encoder.down.\1.block", name)
    name = re.sub(r"encoder\.down_blocks\.(\d+)\.downsamplers\.0", r"encoder.down.\1.downsample", name)
    up = re.match(r"decoder\.up_blocks\.(\d+)\.(resnets|upsamplers\.0)(.*)", name)
    if up:
        kind = "block" if up[2] == "resnets" else "upsample"
        name = f"decoder.up.{levels - 1 - int(up[1])}.{kind}{up[3]}"
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda match: f"mid.block_{int(match[1]) + 1}", name)
    parts = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
    for new, old in parts.items():
        name = name.replace(f"mid_block.attentions.0.{new}.", f"mid.attn_1.{old}.")
    name = name.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
    return f"first_stage_model.{name}"


def original(folder: Path, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """The weights of a pipeline folder as one table in the original form."""
    pipeline = load_pipeline(read_card(folder), device="cpu", precision="fp32").pipeline
    table = {unet_name(name, 1): value for name, value in pipeline.unet.state_dict().items()}
    for name, value in pipeline.vae.state_dict().items():
        attention = "attentions" in name and value.dim() == 2
        table[vae_name(name, 3)] = value[:, :, None, None] if attention else value
    for name, value in pipeline.text_encoder.state_dict().items():
        table[f"cond_stage_model.transformer.text_model.{name.removeprefix('text_model.')}"] = value
    return {name: value.contiguous() for name, value in table.items() if not name.startswith(tuple(without))}


def write(table: dict[str, Any], file: Path) -> Path:
    import torch
    from safetensors.torch import save_file

    if file.suffix == ".safetensors":
        save_file(table, file)
    else:
        torch.save({"state_dict": table, "global_step": 20_000}, file)
    return file


def convert(source: Path, target: Path, **values: Any) -> Conversion:
    target.mkdir()
    return convert_single_file(source, target, **{"config": None, "installed": [], **values})


def refused(source: Path, target: Path, **values: Any) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        convert(source, target, **values)
    assert not list(target.iterdir()), "nothing half-done is left"
    return caught.value


@pytest.mark.parametrize("suffix", [".safetensors", ".ckpt"])
def test_a_checkpoint_becomes_a_pipeline_with_the_same_weights(tiny_pipeline, tmp_path, suffix) -> None:
    source = write(original(tiny_pipeline), tmp_path / f"sd{suffix}")
    conversion = convert(source, tmp_path / "folder", installed=[tmp_path / "no-model", tiny_pipeline])
    assert conversion.notes == (f"the configuration is that of {tiny_pipeline}",)
    ours = load_pipeline(read_card(tmp_path / "folder"), device="cpu", precision="fp32").pipeline
    theirs = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32").pipeline
    for part in ("unet", "vae", "text_encoder"):
        mine, wanted = (getattr(pipeline, part).state_dict() for pipeline in (ours, theirs))
        assert mine.keys() == wanted.keys() and all((mine[name] == wanted[name]).all() for name in wanted)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_trainings_checkpoint_gives_its_averaged_weights_and_a_text_encoder_of_the_usual_length(
    tiny_pipeline, tmp_path
) -> None:
    """As IterInpaint's own checkpoint: U-Net twice, 1,000 coordinate tokens and 616 places more than it uses."""
    import torch

    table = original(tiny_pipeline)
    wanted = {name: value for name, value in table.items() if name.startswith("model.diffusion_model.")}
    for name, value in wanted.items():
        table["model_ema." + name.removeprefix("model.").replace(".", "")] = value
        table[name] = value + 1
    for name in ("token_embedding", "position_embedding"):
        name = f"cond_stage_model.transformer.text_model.embeddings.{name}.weight"
        table[name] = torch.cat([table[name], torch.ones(20, 16)])
    source = write(table, tmp_path / "iterinpaint.ckpt")
    conversion = convert(source, tmp_path / "folder", config=tiny_pipeline)
    assert "EMA" in conversion.notes[1] and "16" in conversion.notes[2]
    ours = load_pipeline(read_card(tmp_path / "folder"), device="cpu", precision="fp32").pipeline
    theirs = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32").pipeline
    for part in ("unet", "text_encoder"):
        mine, expected = (getattr(pipeline, part).state_dict() for pipeline in (ours, theirs))
        assert all((mine[name] == expected[name]).all() for name in expected)


def test_without_a_configuration_it_is_said_what_to_fetch(tiny_pipeline, tmp_path) -> None:
    table = {"model.diffusion_model.input_blocks.0.0.weight": _zeros(32, 9, 3, 3)}
    table["model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"] = _zeros(4, 768)
    error = refused(write(table, tmp_path / "sd.safetensors"), tmp_path / "folder", installed=[tiny_pipeline])
    assert error.field == "--config" and "sd15-inpainting" in str(error.hint)


def test_a_configuration_of_another_form_is_refused(tiny_pipeline, tmp_path) -> None:
    text = make_tiny_text(tmp_path / "text")
    error = refused(write(original(tiny_pipeline), tmp_path / "sd.safetensors"), tmp_path / "folder", config=text)
    assert error.file == str(text) and "9 channels" in str(error)


def test_a_checkpoint_that_is_cut_short_is_refused(tiny_pipeline, tmp_path) -> None:
    table = original(tiny_pipeline, without=["first_stage_model.encoder"])
    source = write(table, tmp_path / "sd.safetensors")
    assert "cannot be converted" in str(refused(source, tmp_path / "a", config=tiny_pipeline))
    source.write_bytes(source.read_bytes()[:5000])
    assert refused(source, tmp_path / "b", config=tiny_pipeline).file == str(source)


def test_a_lora_and_something_else_are_told_apart(tiny_pipeline, tmp_path) -> None:
    lora = write({"unet.to_q.lora_A.weight": _zeros(2, 2)}, tmp_path / "lora.safetensors")
    other = write({"backbone.weight": _zeros(2)}, tmp_path / "other.safetensors")
    assert "--lora" in str(refused(lora, tmp_path / "a", config=tiny_pipeline).hint)
    assert "model.diffusion_model" in str(refused(other, tmp_path / "b", config=tiny_pipeline).hint)


class Payload:
    """What a harmful checkpoint holds: unpickling it would call a function."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("raise SystemExit('a pickle ran code')",))


def test_a_checkpoint_that_could_run_code_is_refused_with_the_reason(tiny_pipeline, tmp_path) -> None:
    source = write({"weight": Payload()}, tmp_path / "bad.ckpt")
    error = refused(source, tmp_path / "folder", config=tiny_pipeline)
    assert "run code" in str(error) and error.file == str(source)


def make_tiny_text(folder: Path) -> Path:
    from tests.pipelines import make_tiny_pipeline

    return make_tiny_pipeline(folder, inpainting=False)


def _zeros(*shape: int) -> Any:
    import torch

    return torch.zeros(*shape)


def test_import_makes_a_model_of_the_users_with_the_settings_of_its_form(tiny_pipeline, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path / "models"))
    form = tmp_path / "form"
    form.mkdir()
    for part in tiny_pipeline.iterdir():
        (form / part.name).symlink_to(part)
    facts = {"name": "form", "licence": "MIT", "prompts": {"foreground": "{object}"}, "defaults": {"guidance": 7.5}}
    (form / "boxpaint.json").write_text(json.dumps(facts))
    source = write(original(tiny_pipeline), tmp_path / "my-model.ckpt")
    assert main(["models", "import", str(source), "--config", str(form)]) == 0
    card = find_model("my-model")
    assert (card.foreground_prompt, card.guidance, card.licence) == ("{object}", 7.5, None)
    assert main(["models", "import", str(source), "--config", str(form)]) == 2, "the name is taken"
    assert main(["models", "check", "my-model"]) == 0


def test_import_says_what_it_takes(tmp_path, capsys) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    assert main(["models", "import", str(tmp_path / "model.gguf")]) == 2
    assert ".safetensors" in capsys.readouterr().err
