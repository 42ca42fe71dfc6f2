"""What reads files that may come from anybody: each reader as a function of bytes, for fuzzers and regression files.

A target is given the bytes and an empty folder. Whatever the bytes are, it ends with a result or a ``BoxpaintError``.
"""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from desktop_app import clipboard
from engine.detection.kinds import read_place, recognise
from engine.detection.pictures import read_picture
from engine.errors import BoxpaintError
from engine.formats import registry
from engine.formats.boxpaint_png import KEYWORD, carries_layout, png_info
from engine.formats.pictures import picture_size
from engine.formats.project import read_project, write_project
from engine.models.anatomy import read_anatomy
from engine.models.card import read_card
from engine.models.checking import check_folder
from engine.models.importing import import_folder
from engine.models.machine import Machine
from engine.models.parts import check_complete, check_parts
from engine.models.placement import choose
from engine.runs.saved import list_runs, read_run
from tests.formats.samples import FILES, FOLDER, OUTPUTS
from tests.formats.test_fuzz import mutated

SIZE = (640, 480)
MACHINE = Machine(device="cpu", name="a CPU", free=2**33, total=2**34, main_free=2**33, bf16=False)


def _read(path: Path) -> None:
    """By its content, as the format that its checksum picks, and written again."""
    content = path.read_bytes()
    formats = [entry.name for entry in registry.default_registry().formats if entry.can_read and not entry.in_folder]
    with suppress(BoxpaintError):
        registry.read(path, format=formats[zlib.crc32(content) % len(formats)], size=SIZE)
    dataset = registry.read(path, size=SIZE)
    if dataset.format in OUTPUTS:
        registry.write(path.with_name(f"again_{OUTPUTS[dataset.format]}"), dataset.entries, dataset.format)


def layout(content: bytes, folder: Path) -> None:
    """A layout file; its ending decides between JSON, a table and a label file."""
    ending = ".json" if content.lstrip()[:1] in (b"{", b"[") else (".csv", ".txt")[content[:1].isdigit()]
    path = folder / f"file{ending}"
    path.write_bytes(content)
    _read(path)


def picture(content: bytes, folder: Path) -> None:
    """A picture: its size, its layout, and its pixels as a detector gets them."""
    path = folder / "picture.png"
    path.write_bytes(content)
    carries_layout(path)
    for look in (picture_size, registry.read, read_picture):
        with suppress(BoxpaintError):
            look(path)


def project(content: bytes, folder: Path) -> None:
    """A project, read and saved again with what it held besides."""
    path = folder / "file.boxpaint"
    path.write_bytes(content)
    read = read_project(path)
    write_project(folder / "again.boxpaint", read.entries, read.settings, extra=read.extra, keep_from=path)


def pasted(content: bytes, folder: Path) -> None:
    """A text on the clipboard."""
    clipboard.parse(content.decode("utf-8", "replace"))


def model(content: bytes, folder: Path) -> None:
    """A model's folder, as a JSON object: path -> JSON value; of ``.safetensors`` the header."""
    for path in model_folder(content, folder / "model"):
        for look in (read_card, check_complete, check_parts, check_folder, lambda path: recognise(read_place(path))):
            with suppress(BoxpaintError):
                look(path)
        with suppress(BoxpaintError):
            choose(read_anatomy(path), MACHINE, size=read_card(path).size)
        with suppress(BoxpaintError):
            import_folder(path, "imported", lambda text: None)


def model_folder(content: bytes, root: Path) -> Iterator[Path]:
    """The folder that a JSON object describes, if it does."""
    try:
        files = json.loads(content)
    except (ValueError, RecursionError):
        return
    for name, value in files.items() if isinstance(files, dict) else ():
        path = root / name
        with suppress(OSError, ValueError):  # a name that no file can have
            if not path.resolve().is_relative_to(root) or not path.suffix.startswith((".json", ".safetensors")):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(value).encode("utf-8", "surrogatepass")
            path.write_bytes(struct.pack("<Q", len(text)) + text if path.suffix == ".safetensors" else text)
    if root.is_dir():
        yield root


def run(content: bytes, folder: Path) -> None:
    """A run's record, beside pictures of its steps."""
    saved = folder / "runs" / "run"
    saved.mkdir(parents=True)
    (saved / "run.json").write_bytes(content)
    for kind in ("context", "mask", "raw", "composite"):
        Image.new("RGB", (8, 8)).save(saved / f"step_000_{kind}.png")
    list_runs(saved.parent)
    read_run(saved)


Target = Callable[[bytes, Path], None]
TARGETS: dict[str, Target] = {
    "layout": layout,
    "picture": picture,
    "project": project,
    "clipboard": pasted,
    "model": model,
    "run": run,
}


def seeds(target: str) -> list[bytes]:
    """Small sound files of a target."""
    entry = registry.read_entry(FOLDER / "native.layout.json")
    layouts = [(FOLDER / name).read_bytes() for name in FILES if (FOLDER / name).is_file()]
    chat = b"Here it is:\n```json\n" + layouts[0] + b"\n```\n"
    made: dict[str, Callable[[], list[bytes]]] = {
        "layout": lambda: layouts,
        "clipboard": lambda: [*layouts[:2], chat],
        "picture": lambda: [_picture(kind, entry) for kind in ("png", "jpeg", "webp", "bmp", "tiff", "gif")],
        "project": lambda: [_project(entry)],
        "model": _models,
        "run": lambda: [json.dumps(_record(entry)).encode()],
    }
    return made[target]()


def _picture(kind: str, entry: registry.Entry) -> bytes:
    buffer = io.BytesIO()
    options = {"pnginfo": png_info(entry.layout, {"seed": 1})} if kind == "png" else {}
    Image.new("RGB", (8, 8), "gray").save(buffer, kind, **options)
    return buffer.getvalue()


def _project(entry: registry.Entry) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "seed.boxpaint"
        write_project(path, [entry, entry], {"steps": 5}, extra={"made_by": "hand"})
        return path.read_bytes()


def _record(entry: registry.Entry) -> dict[str, Any]:
    from engine.inpainting.settings import GenerationSettings
    from engine.runs.request import GenerationRequest

    request = GenerationRequest("r", entry.layout, GenerationSettings(), "clevr-mini", "r")
    step = {"index": 0, "kind": "foreground", "object": "a", "prompt": "Add a", "seed": 1, "seconds": 0.5}
    detections = [{"box": [0.1, 0.1, 0.5, 0.5], "label": "a", "score": 0.5}]
    return {
        "schema_version": 1, "id": "r", "state": "finished", "created": "2026-01-01", "request": request.to_dict(),
        "width": 8, "height": 8, "planned": [step], "steps": [{**step, "detections": detections, "previews": {
            "file": "step_000_previews.png", "iterations": [1, 2], "of": 2, "window": [0, 0, 8, 8]}}],
        "notes": ["a"], "detector": {"name": "d", "labels": ["a"]}, "model": {"placement": "device"},
        "parent": {"run": "p"}, "owner": {"pid": 1, "started": 0.0}, "error": None, "picture": "picture.png",
    }  # fmt: skip


def _models() -> list[bytes]:
    """A pipeline of each family of networks, and a detector."""
    weights = {"a.weight": {"dtype": "F32", "shape": [0, 4], "data_offsets": [0, 0]}}
    part = "diffusion_pytorch_model.safetensors"
    stable: dict[str, Any] = {
        "model_index.json": {
            "_class_name": "StableDiffusionInpaintPipeline", "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"], "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"], "safety_checker": [None, None],
        },
        "boxpaint.json": {
            "schema_version": 1, "kind": "pipeline", "name": "tiny", "size": [64, 64], "working_size": 64,
            "defaults": {"steps": 5, "guidance": 2.5}, "prompts": {"foreground": "Add {object}"}, "licence": "MIT",
        },
        "unet/config.json": {"in_channels": 9, "out_channels": 4, "sample_size": 8, "cross_attention_dim": 16,
                             "block_out_channels": [8, 16],
                             "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"]},
        "vae/config.json": {"block_out_channels": [8, 8, 16], "latent_channels": 4, "sample_size": 64},
        "text_encoder/config.json": {"hidden_size": 16, "max_position_embeddings": 16},
        "tokenizer/tokenizer_config.json": {"model_max_length": 16},
        f"unet/{part}": weights, f"vae/{part}": weights, "text_encoder/model.safetensors": weights,
    }  # fmt: skip
    flux = {
        "model_index.json": {"_class_name": "FluxFillPipeline", "transformer": ["diffusers", "FluxTransformer2DModel"]},
        "transformer/config.json": {"num_attention_heads": 2, "attention_head_dim": 8, "patch_size": 1},
        "transformer/diffusion_pytorch_model.safetensors.index.json": {"weight_map": {"a.weight": "x.safetensors"}},
        "transformer/x.safetensors": weights, "vae/config.json": {"block_out_channels": [8, 16]},
    }  # fmt: skip
    detector = {
        "config.json": {"architecture": "detr", "model_type": "detr", "id2label": {"0": "cat"}},
        "boxpaint.json": {"kind": "detector", "labels": ["cat"]}, "model.safetensors": weights,
    }  # fmt: skip
    return [json.dumps(files).encode() for files in (stable, flux, detector)]


# -- changes that keep a file's outer form, so that they reach what is inside


def mutant(content: bytes, choose: random.Random) -> bytes | None:
    """The content with something inside changed; None where its form is not known."""
    if content.startswith(b"PK"):
        return _changed_zip(content, choose)
    if content.startswith(b"\x89PNG"):
        return _changed_png(content, choose)
    return _changed_json(content, choose)


def _changed_json(content: bytes, choose: random.Random) -> bytes | None:
    try:
        value = json.loads(content)
        for _ in range(choose.randint(1, 4)):
            value = mutated(value, choose)
        return json.dumps(value).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return None


def _changed_zip(content: bytes, choose: random.Random) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(info, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return None
    names = ["../x", "/x", "a/../../x", "C:\\x", "layouts/../x.layout.json", "\0", "é" * 200, "runs/r/run.json"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for info, text in members:
            action = choose.random()
            if action < 0.1:
                continue
            name = choose.choice(names) if action < 0.2 else info.filename
            made = zipfile.ZipInfo(name, info.date_time)
            made.external_attr = choose.getrandbits(32) if action > 0.9 else info.external_attr
            changed = _changed_json(text, choose) if action < 0.7 else text
            with suppress(ValueError):
                archive.writestr(made, changed if changed is not None else text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _changed_png(content: bytes, choose: random.Random) -> bytes:
    chunks, place = [content[:8]], 8
    while place + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + length]
        if kind == b"iTXt" and choose.random() < 0.8:
            with suppress(zlib.error):
                text = zlib.decompress(body.split(b"\0", 5)[5]) if body.count(b"\0") > 4 else b"{}"
                body = KEYWORD.encode() + b"\0\1\0\0\0" + zlib.compress(_changed_json(text, choose) or text)
        elif choose.random() < 0.3 and body:
            spot = choose.randrange(len(body))
            body = body[:spot] + choose.randbytes(choose.randint(0, 4)) + body[spot + choose.randint(0, 4) :]
        chunks.append(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
        place += length + 12
    return b"".join(chunks)
