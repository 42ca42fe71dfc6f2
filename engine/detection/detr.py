"""Original DETR checkpoints (``.pth``) as transformers' DETR, such as LayoutBench's detector (FORMATS, Scoring).

The names in the two differ, the original keeps query, key and value in one matrix, and DC5 checkpoints dilate the last
stage of the ResNet, which transformers can do only through another package: here its convolutions are changed in place.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import torch
from torch import Tensor, nn
from transformers import DetrConfig, DetrForObjectDetection, ResNetConfig

from engine.errors import BoxpaintError

_PREFIX = "backbone.0.body."
_BLOCK = re.compile(r"layer(\d)\.(\d+)\.(conv|bn)(\d)\.(\w+)")
_SHORTCUT = re.compile(r"layer(\d)\.(\d+)\.downsample\.([01])\.(\w+)")
_LAYER = re.compile(r"transformer\.(encoder|decoder)\.layers\.(\d+)\.(.+)")

_LAYER_NAMES = {
    "encoder": {
        "linear1": "mlp.fc1",
        "linear2": "mlp.fc2",
        "norm1": "self_attn_layer_norm",
        "norm2": "final_layer_norm",
    },
    "decoder": {
        "linear1": "mlp.fc1",
        "linear2": "mlp.fc2",
        "norm1": "self_attn_layer_norm",
        "norm2": "encoder_attn_layer_norm",
        "norm3": "final_layer_norm",
    },
}
_ATTENTION = {"self_attn": "self_attn", "multihead_attn": "encoder_attn"}
_TOP = {
    "query_embed.weight": "model.query_position_embeddings.weight",
    "input_proj.weight": "model.input_projection.weight",
    "input_proj.bias": "model.input_projection.bias",
    "transformer.decoder.norm.weight": "model.decoder.layernorm.weight",
    "transformer.decoder.norm.bias": "model.decoder.layernorm.bias",
    "class_embed.weight": "class_labels_classifier.weight",
    "class_embed.bias": "class_labels_classifier.bias",
}


@dataclass(frozen=True, slots=True)
class OriginalDetr:
    """The weights of an original checkpoint and what they say about its shape.

    Attributes:
        state: Tensors by their original names.
        dilated: Whether it is a DC5 model; None when the checkpoint does not say.
        heads: Attention heads; the weights do not tell, so 8 where the checkpoint does not.
    """

    state: Mapping[str, Tensor]
    dilated: bool | None
    heads: int


def read_checkpoint(file: Path) -> OriginalDetr:
    """Read an original ``.pth``. Only tensors and the training's options are unpickled, never code.

    Raises:
        BoxpaintError: The file cannot be read, holds something that could run code, or is no DETR.
    """
    try:
        # The original training stores its command line beside the weights: a Namespace, and in the published checkpoint
        # a path in it. Both hold values and run nothing; a pure path is one on every system.
        with torch.serialization.safe_globals([argparse.Namespace, (PurePosixPath, "pathlib.PosixPath")]):
            content = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise BoxpaintError("there is no such file.", "model", file=str(file)) from error
    except Exception as error:  # torch reports what it cannot or will not read by a dozen exception types
        raise BoxpaintError(
            f"the checkpoint is not loaded: {str(error).splitlines()[0]}",
            "model",
            file=str(file),
            hint="Only files of plain tensors are unpickled, since others can run code. Convert it where you trust it.",
        ) from error
    state = content.get("model", content) if isinstance(content, dict) else None
    if not isinstance(state, dict) or "class_embed.weight" not in state or f"{_PREFIX}conv1.weight" not in state:
        raise BoxpaintError(
            "it is no original DETR checkpoint.", "model", file=str(file), hint='One has the weights under "model".'
        )
    options = vars(content["args"]) if isinstance(content.get("args"), argparse.Namespace) else {}
    dilated = options.get("dilation")
    return OriginalDetr(state, None if dilated is None else bool(dilated), int(options.get("nheads", 8)))


def convert(original: OriginalDetr, labels: Sequence[str], *, dilated: bool | None = None) -> DetrForObjectDetection:
    """The same network in transformers, in evaluation mode.

    Args:
        original: What ``read_checkpoint`` gave.
        labels: Label of each class, without "no object".
        dilated: Overrides what the checkpoint says; where neither does, DC5 as LayoutBench's is taken.

    Raises:
        BoxpaintError: The number of labels is wrong, or weights are missing or of other shapes.
    """
    state = original.state
    classes = state["class_embed.weight"].shape[0] - 1
    if len(labels) != classes:
        raise BoxpaintError(
            f"{len(labels)} labels were given, the checkpoint has {classes} classes.",
            "model",
            field="labels",
            hint="Give the category names of the dataset that it was trained on, in the order of their ids.",
        )
    dc5 = dilated if dilated is not None else original.dilated if original.dilated is not None else True
    config = _config(original, labels, dc5)
    model = DetrForObjectDetection(config)
    renamed: dict[str, Tensor] = {}
    for name, tensor in state.items():
        renamed.update(_renamed(name, tensor))
    wanted = {name for name in model.state_dict() if not name.endswith("num_batches_tracked")}
    missing, unknown = sorted(wanted - renamed.keys()), sorted(renamed.keys() - wanted)
    if missing or unknown:
        raise BoxpaintError(
            f"its weights do not make a DETR: {len(missing)} missing, {len(unknown)} unknown "
            f"({', '.join([*missing, *unknown][:3])}).",
            "model",
        )
    try:
        model.load_state_dict(renamed, strict=False)
    except RuntimeError as error:
        raise BoxpaintError(f"its weights have other shapes: {str(error).splitlines()[-1].strip()}", "model") from error
    if dc5:
        dilate_last_stage(model)
    return model.eval()


def dilate_last_stage(model: nn.Module) -> None:
    """DC5: the last stage keeps its input's size; its 3×3 convolutions but the first see twice as far."""
    stage = model.model.backbone.model.encoder.stages[-1]  # type: ignore[union-attr, index]
    for number, block in enumerate(stage.layers):  # type: ignore[union-attr]
        middle = block.layer[1].convolution
        middle.stride = (1, 1)
        if number:
            middle.dilation, middle.padding = (2, 2), (2, 2)
        if not isinstance(block.shortcut, nn.Identity):
            block.shortcut.convolution.stride = (1, 1)


def _config(original: OriginalDetr, labels: Sequence[str], dilated: bool) -> DetrConfig:
    state = original.state
    body = {name.removeprefix(_PREFIX): tensor for name, tensor in state.items() if name.startswith(_PREFIX)}
    depths = [len({name.split(".")[1] for name in body if name.startswith(f"layer{stage}.")}) for stage in range(1, 5)]
    widths = [body[f"layer{stage}.0.conv3.weight"].shape[0] for stage in range(1, 5)]
    layers = {
        part: len({match[2] for name in state if (match := _LAYER.match(name)) and match[1] == part})
        for part in ("encoder", "decoder")
    }
    inner = state["transformer.encoder.layers.0.linear1.weight"].shape[0]
    backbone = ResNetConfig(
        embedding_size=body["conv1.weight"].shape[0],
        hidden_sizes=widths,
        depths=depths,
        layer_type="bottleneck",
        out_features=["stage4"],
    )
    return DetrConfig(
        backbone_config=backbone,
        d_model=state["input_proj.weight"].shape[0],
        num_queries=state["query_embed.weight"].shape[0],
        encoder_layers=layers["encoder"],
        decoder_layers=layers["decoder"],
        encoder_ffn_dim=inner,
        decoder_ffn_dim=inner,
        encoder_attention_heads=original.heads,
        decoder_attention_heads=original.heads,
        dilation=dilated,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
    )


def _renamed(name: str, tensor: Tensor) -> dict[str, Tensor]:
    """The tensors of transformers' DETR that one of the original makes, by name; none for what it does not need."""
    if name in _TOP:
        return {_TOP[name]: tensor}
    if name.startswith("bbox_embed."):
        return {f"bbox_predictor.{name.removeprefix('bbox_embed.')}": tensor}
    if name.startswith(_PREFIX):
        return {f"model.backbone.model.{_body_name(name.removeprefix(_PREFIX))}": tensor}
    match = _LAYER.match(name)
    if match is None:
        return {name: tensor}
    part, number, rest = match.groups()
    place = f"model.{part}.layers.{number}"
    first, _, last = rest.partition(".")
    if first not in _ATTENTION:
        return {f"{place}.{_LAYER_NAMES[part].get(first, first)}.{last}": tensor}
    attention = f"{place}.{_ATTENTION[first]}"
    if last.startswith("in_proj_"):
        kind = last.removeprefix("in_proj_")
        return {f"{attention}.{which}_proj.{kind}": third for which, third in zip("qkv", tensor.chunk(3), strict=True)}
    return {f"{attention}.{last.replace('out_proj', 'o_proj')}": tensor}


def _body_name(name: str) -> str:
    """A name of torchvision's ResNet in transformers' words."""
    if match := _BLOCK.match(name):
        stage, block, kind, number, rest = match.groups()
        part = "convolution" if kind == "conv" else "normalization"
        return f"encoder.stages.{int(stage) - 1}.layers.{block}.layer.{int(number) - 1}.{part}.{rest}"
    if match := _SHORTCUT.match(name):
        stage, block, which, rest = match.groups()
        part = ("convolution", "normalization")[int(which)]
        return f"encoder.stages.{int(stage) - 1}.layers.{block}.shortcut.{part}.{rest}"
    part = "convolution" if name.startswith("conv1") else "normalization"
    return f"embedder.embedder.{part}.{name.partition('.')[2]}"
