"""Original checkpoints in one file (``.ckpt``, ``.safetensors`` of the latent-diffusion form) become pipeline folders.

diffusers' ``from_single_file`` renames the weights. The configuration comes from a pipeline folder on this machine: by
itself diffusers would ask the hub for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import scratch_folder
from engine.models.card import ModelCard, read_card
from engine.models.configs import read_config
from engine.models.pickles import to_safetensors

SUFFIXES = (".safetensors", ".ckpt", ".pt")
"""Endings of single-file checkpoints; all but the first are pickles."""

_FIRST = "model.diffusion_model.input_blocks.0.0.weight"
_TEXT = ("cond_stage_model.", "conditioner.")
_UNET, _EMA = "model.diffusion_model.", "model_ema.diffusion_model"
_EMBEDDINGS = "cond_stage_model.transformer.text_model.embeddings."
_CUT = {
    f"{_EMBEDDINGS}token_embedding.weight": "vocab_size",
    f"{_EMBEDDINGS}position_embedding.weight": "max_position_embeddings",
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint's names and shapes tell.

    Attributes:
        channels: Input channels of its U-Net.
        features: Text features that the U-Net takes.
        has_text: Whether a text encoder is in it.
    """

    channels: int
    features: int | None
    has_text: bool

    def fits(self, card: ModelCard) -> bool:
        """Whether a pipeline folder's U-Net is of this form."""
        unet = _config(card.folder / "unet" / "config.json")
        return (unet.get("in_channels"), unet.get("cross_attention_dim")) == (self.channels, self.features)


@dataclass(frozen=True, slots=True)
class Conversion:
    """The folder whose configuration was taken, and sentences on what was decided."""

    config: Path
    notes: tuple[str, ...]


def read_checkpoint(file: Path, *, shown: str) -> Checkpoint:
    """Look at the names and shapes in a safetensors file; ``shown`` is the file's name for people.

    Raises:
        BoxpaintError: It is broken, or no original checkpoint of latent diffusion.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="numpy") as content:
            names = list(content.keys())
            shapes = {name: content.get_slice(name).get_shape() for name in names if _telling(name)}
    except (OSError, SafetensorError) as error:
        raise BoxpaintError(
            f"the weights cannot be read ({error}).", "model", file=shown, hint="Fetch or copy the file again."
        ) from error
    if _FIRST not in shapes:
        lora = any("lora" in name.lower() for name in names)
        raise BoxpaintError(
            "it is a LoRA, not a model." if lora else "it is no original checkpoint of a latent diffusion model.",
            "model",
            file=shown,
            hint="Use it with --lora."
            if lora
            else "Boxpaint takes Stable Diffusion checkpoints of the original form "
            "(model.diffusion_model.…), diffusers folders and original DETR checkpoints.",
        )
    features = next((int(shape[1]) for name, shape in shapes.items() if name != _FIRST), None)
    return Checkpoint(int(shapes[_FIRST][1]), features, any(name.startswith(_TEXT) for name in names))


def _telling(name: str) -> bool:
    return name == _FIRST or (name.startswith("model.diffusion_model.") and name.endswith(".attn2.to_k.weight"))


def find_configuration(checkpoint: Checkpoint, folders: list[Path], *, shown: str) -> Path:
    """The first of these pipeline folders whose configuration is that of the checkpoint.

    Raises:
        BoxpaintError: There is none; the hint says what to fetch.
    """
    for card in _readable(folders):
        if checkpoint.fits(card):
            return card.folder
    like = {(9, 768): "sd15-inpainting", (9, 1024): "sd2-inpainting", (9, 2048): "sdxl-inpainting"}
    name = like.get((checkpoint.channels, checkpoint.features or 0))
    fetch = f"Fetch a model of that form (`boxpaint models fetch {name}`), or give" if name else "Give"
    raise BoxpaintError(
        "the checkpoint does not say how its parts are built, and no installed model is of its form "
        f"({checkpoint.channels} channels, {checkpoint.features} text features).",
        "model",
        file=shown,
        field="--config",
        hint=f"{fetch} a diffusers folder of the same form by --config; its weights are not needed.",
    )


def _readable(folders: list[Path]) -> Iterator[ModelCard]:
    for folder in folders:
        try:
            yield read_card(folder)
        except BoxpaintError:
            continue  # a detector, or a broken model: `models list` tells of those


def convert_single_file(source: Path, folder: Path, *, config: Path | None, installed: list[Path]) -> Conversion:
    """Write a checkpoint as a pipeline folder of safetensors.

    Args:
        source: The checkpoint.
        folder: An empty folder.
        config: A diffusers folder of the same form, of which the configurations and tokenizers are taken.
        installed: Pipeline folders among which one is looked for when none is given.

    Raises:
        BoxpaintError: It cannot be read, is something else, or its form does not fit the configuration.
    """
    with scratch_folder(folder.parent) as scratch:
        weights = source
        if source.suffix != ".safetensors":
            weights = scratch / "checkpoint.safetensors"
            to_safetensors(source, weights, shown=str(source))
        checkpoint = read_checkpoint(weights, shown=str(source))
        chosen = config or find_configuration(checkpoint, installed, shown=str(source))
        card = read_card(chosen)
        if not checkpoint.fits(card):
            raise BoxpaintError(
                f"the checkpoint has {checkpoint.channels} channels and {checkpoint.features} text features; the "
                "configuration has others.",
                "model",
                file=str(chosen),
                field="--config",
                hint="Give the folder of a model of the same form.",
            )
        weights, done = _prepare(weights, scratch, card)
        _convert(weights, folder, card, shown=str(source))
    notes = [f"the configuration is that of {chosen}", *done]
    if not checkpoint.has_text:
        notes.append(f"the checkpoint has no text encoder: that of {chosen} was taken")
    return Conversion(chosen, tuple(notes))


def _prepare(weights: Path, scratch: Path, card: ModelCard) -> tuple[Path, list[str]]:
    """What diffusers does not do with a training's checkpoint, as IterInpaint's published conversion does it.

    Averaged weights are taken where there are some, and a text encoder that was given more tokens and places for the
    training (ReCo's coordinate tokens) is cut to those of the configuration.
    """
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    text = _config(card.folder / "text_encoder" / "config.json")
    with safe_open(weights, framework="numpy") as content:
        names = set(content.keys())
        averaged = {name: _averaged(name) for name in names if name.startswith(_UNET) and _averaged(name) in names}
        longer = {
            name: size
            for name, entry in _CUT.items()
            if name in names
            and isinstance(size := text.get(entry), int)
            and content.get_slice(name).get_shape()[0] > size
        }
    notes = []
    if averaged:
        notes.append("the averaged weights (EMA) are taken")
    if longer:
        sizes = " and ".join(str(size) for size in longer.values())
        notes.append(f"the text encoder is cut to the configuration's {sizes} tokens and places")
    if not notes:
        return weights, notes
    table = load_file(weights)
    for name, other in averaged.items():
        table[name] = table.pop(other)
    for name, size in longer.items():
        table[name] = table[name][:size].contiguous()
    save_file(
        {name: value for name, value in table.items() if not name.startswith("model_ema.")},
        scratch / "prepared.safetensors",
    )
    return scratch / "prepared.safetensors", notes


def _averaged(name: str) -> str:
    """The name under which the original code keeps the average of a weight: without dots."""
    return _EMA + name.removeprefix(_UNET).replace(".", "")


def _config(file: Path) -> dict[str, Any]:
    """A part's configuration; empty where there is none that can be read."""
    try:
        return read_config(file)
    except BoxpaintError:
        return {}


def _convert(weights: Path, folder: Path, card: ModelCard, *, shown: str) -> None:
    import diffusers

    pipeline_class: Any = getattr(diffusers, card.family.pipeline_class)
    left_out: dict[str, Any] = {}
    if card.has_checker:
        # It is no part of such files; the folder's own would be blanking pictures of a model it does not belong to.
        left_out = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    diffusers.utils.logging.disable_progress_bar()
    try:
        pipeline = pipeline_class.from_single_file(
            str(weights), config=str(card.folder), local_files_only=True, **left_out
        )
    except Exception as error:  # libraries refuse a checkpoint by a dozen exception types
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        if "meta tensor" in reason:
            reason = "weights that the configuration asks for are missing"
        raise BoxpaintError(
            f"the checkpoint cannot be converted: {reason.rstrip('.')}.",
            "model",
            file=shown,
            hint="It may be cut short, or of another form than the configuration: give another one by --config.",
        ) from error
    pipeline.save_pretrained(str(folder), safe_serialization=True)
