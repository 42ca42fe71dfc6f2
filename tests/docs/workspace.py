"""A folder in which a page's commands can be typed as they stand: everything that they name is there, and is small."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from engine.formats.registry import Entry, read, write
from engine.inpainting.prompts import ldm_tokens, reco_tokens
from engine.layout import Layout
from engine.layout.vocabulary import CLEVR_48
from tests.clevr import fake_blender
from tests.pipelines import make_tiny_pipeline

CLEVR = Path(__file__).parents[1] / "data" / "clevr"

VALUES = {"FORMAT": "coco", "SPLIT": "number_few", "PRECISION": "fp32", "RUN": "tiny", "QUESTION": "steps"}
"""Names in the documentation that stand for a value; all others stand for files, which are called so in the folder."""

_TINY = ("--model", "tiny", "--size", "64x64", "--steps", "1")
_ONE = ("--first", "1", "--workers", "0")
_BLENDER = ("--blender", "blender", "--workers", "1")
SMALLER: dict[str, tuple[str, ...]] = {
    "generate": _TINY,
    "batch": (*_TINY, "--workers", "0"),
    "study": (*_TINY, *_ONE),
    "study steps": (*_TINY, *_ONE, "--values", "1"),
    "study table": ("--steps", "1", "--size", "64x64", *_ONE),
    "sample-layouts": ("--count", "2"),
    "bench": ("--model", "tiny", "--layout", "LAYOUT", "--short"),
    "render": _BLENDER,
    "render --split": (*_BLENDER, "--split", "number_few", "--seed", "0", "--count", "1"),
    "report": ("--samples", "20"),
}
"""What is added to a command so that it takes a second: the last value of an option is the one that counts."""


def smaller(words: tuple[str, ...]) -> list[str]:
    """The command with values in place of names for values, and with less to do."""
    known = [VALUES.get(word, word) for word in words]
    return [*known, *(SMALLER.get(" ".join(words[:2])) or SMALLER.get(words[0], ()))]


def make_models(folder: Path) -> Path:
    """Models that pages name: pipelines, a text-to-image sibling for each single-step method, checkpoints."""
    import torch

    from tests.detection.detr_reference import Detr, randomise
    from tests.detection.test_detr import SMALL, save
    from tests.models.test_single_file import original
    from tests.models.test_single_file import write as write_checkpoint
    from tests.onnx_models import save_looking

    tiny = make_tiny_pipeline(folder / "tiny")
    for name in ("A", "B", "FOLDER"):
        shutil.copytree(tiny, folder / name)
    for name, tokens in (("RECO-DIR", reco_tokens()), ("LDM-DIR", ldm_tokens(CLEVR_48))):
        make_tiny_pipeline(folder / name, inpainting=False, text_length=96, tokens=tokens)
        card = {"name": name, "defaults": {"method": name.partition("-")[0].lower()}, "vocabulary": "clevr-48"}
        (folder / name / "boxpaint.json").write_text(json.dumps(card))
    write_checkpoint(original(tiny), folder / "checkpoint.safetensors")
    save_looking(folder / "yolov7.onnx")
    torch.manual_seed(0)
    network = Detr(**{**SMALL, "classes": 4}).eval()
    randomise(network)
    save(folder, network, nheads=4)
    categories = [{"id": number, "name": name} for number, name in enumerate(CLEVR_48[:4])]
    (folder / "scenes_coco.json").write_text(json.dumps({"images": [], "annotations": [], "categories": categories}))
    return folder


def make_workspace(folder: Path, models: Path, layout: Layout) -> Path:
    """Fill the folder with what the documentation names."""
    for source in models.iterdir():
        (folder / source.name).symlink_to(source)
    scenes = read(CLEVR / "scenes.json").entries
    for name, count in (("DATASET", 2), ("LAYOUTBENCH", 2), ("OOD", 5)):
        _make_dataset(folder / name, scenes[:count])
    for name in ("SCENES", "scenes.json"):
        _make_scenes(folder / name)
    for name in ("LAYOUT", "FILE", "IN"):
        write(folder / f"{name}.layout.json", [Entry(name, layout)], "boxpaint")
        (folder / f"{name}.layout.json").rename(folder / name)
    shutil.copytree(folder / "LAYOUTBENCH" / "images", folder / "PICTURES" / "clevr" / "run")
    shutil.copy(next((folder / "LAYOUTBENCH" / "images").iterdir()), folder / "IMAGE")
    fake_blender.install(folder / "bin")
    (folder / "blender").symlink_to(folder / "bin" / "blender")
    return folder


def _make_dataset(folder: Path, scenes: tuple[Entry, ...]) -> None:
    """Real scenes with their pictures, as a folder."""
    (folder / "images").mkdir(parents=True)
    _make_scenes(folder / "scenes.json", len(scenes))
    for entry in scenes:
        assert entry.picture is not None
        shutil.copy(entry.picture, folder / "images")


def _make_scenes(file: Path, count: int = 1) -> None:
    data = json.loads((CLEVR / "scenes.json").read_text())
    file.write_text(json.dumps({**data, "scenes": data["scenes"][:count]}))
