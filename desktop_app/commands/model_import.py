"""``boxpaint models import``: a folder, or a checkpoint that becomes one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from desktop_app.commands.attached import stop_with_input
from desktop_app.commands.detector_models import import_onnx, import_wheel
from desktop_app.commands.output import emit, note
from engine.errors import BoxpaintError
from engine.files import read_bytes, write_json
from engine.models.catalogue import list_models
from engine.models.fetching import read_card_facts, refuse_serious
from engine.models.importing import import_folder
from engine.models.installed import CARD, check_name, install
from engine.models.single_file import SUFFIXES, convert_single_file

_OF_THE_FORM = ("form", "size", "working_size", "background_size", "window_factor", "defaults", "prompts")
"""What a model's card says that holds for another model of the same form as well."""
_MAX_LABELS_BYTES = 512 * 2**20


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Register the action."""
    parser = actions.add_parser(
        "import",
        help="take in a pipeline's or a detector's folder, or a file: a checkpoint, an original DETR, or a YOLO",
    )
    parser.add_argument(
        "source", type=Path, metavar="PATH", help="a folder, or a .safetensors, .ckpt, .pth, .onnx or .whl file"
    )
    parser.add_argument("--name", help="what it shall be called (default: the name of PATH)")
    parser.add_argument(
        "--labels",
        metavar="FILE",
        help="classes of a network that does not name them: for .pth the COCO file that it was trained on; for .onnx "
        "a file of names, or names with commas between them",
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FOLDER",
        help="diffusers folder of the same form as a .ckpt or .safetensors (default: an installed model of that form)",
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Take in a folder or a checkpoint."""
    stop_with_input(args)
    source: Path = args.source
    name = check_name(args.name or source.stem if source.is_file() else args.name or source.resolve().name)
    left_out: list[str] = []
    if source.is_dir():
        folder, left_out = import_folder(source, name, note)
    elif source.is_file() and source.suffix.lower() in SUFFIXES:
        folder = _import_single_file(source, name, args.config)
    elif source.is_file() and source.suffix.lower() in _FILES:
        folder = _FILES[source.suffix.lower()](source, name, args.labels)
    else:
        raise BoxpaintError(
            f"it is neither a model's folder nor a file that is taken in ({', '.join((*SUFFIXES, *_FILES))})."
            if source.exists()
            else "there is no such file or folder.",
            "model",
            file=str(source),
        )
    if left_out:
        note(f"left out, for they are neither text nor safetensors: {', '.join(left_out)}")
    emit(args, {"name": name, "folder": str(folder), "left_out": left_out}, f"{name}: {folder}")
    return 0


def _import_single_file(source: Path, name: str, config: Path | None) -> Path:
    installed = [entry.path for entry in list_models() if entry.kind == "pipeline" and entry.installed]

    def fill(staging: Path) -> None:
        conversion = convert_single_file(source, staging, config=config, installed=installed)
        for sentence in conversion.notes:
            note(sentence)
        facts = {key: value for key, value in read_card_facts(conversion.config).items() if key in _OF_THE_FORM}
        write_json(staging / CARD, {"schema_version": 1, "kind": "pipeline", **facts, "name": name})
        if facts:
            note(f"prompts and defaults are those of {conversion.config}; change them in {CARD} if they differ")
        refuse_serious(staging, str(source))

    return install(name, fill)


def _import_detr(source: Path, name: str, labels_file: str | None) -> Path:
    if labels_file is None:
        raise BoxpaintError(
            "a DETR checkpoint does not name its classes.",
            "usage",
            field="--labels",
            hint="Give the COCO file of the dataset that it was trained on, e.g. LayoutBench's scenes_…_coco.json.",
        )
    return install(name, lambda staging: convert_detr(source, Path(labels_file), staging, name))


_FILES: dict[str, Callable[[Path, str, str | None], Path]] = {
    ".pth": _import_detr,
    ".onnx": import_onnx,
    ".whl": import_wheel,
}
"""What takes in a single file, by its ending: from the file, the model's name and --labels to the new folder."""


def convert_detr(source: Path, labels_file: Path, folder: Path, name: str) -> None:
    """Write an original DETR checkpoint as a detector's folder; its classes are the category ids of a COCO file."""
    names = _categories(labels_file)
    # These load torch; listing and checking models do without.
    from engine.detection.detr import convert, read_checkpoint
    from engine.detection.transformer import save_converted

    original = read_checkpoint(source)
    classes = original.state["class_embed.weight"].shape[0] - 1
    beyond = [number for number in names if not 0 <= number < classes]
    if beyond or not names:
        raise BoxpaintError(
            f"its category ids do not fit the checkpoint's {classes} classes ({sorted(beyond)[:3]}).",
            "input",
            file=str(labels_file),
            field="categories",
            hint="Give the file of the dataset that the checkpoint was trained on.",
        )
    # DETR's classes are category ids; gaps in them are never predicted.
    model = convert(original, [names.get(index, f"unused {index}") for index in range(classes)])
    save_converted(model, folder)
    write_json(folder / CARD, {"schema_version": 1, "kind": "detector", "name": name})
    refuse_serious(folder, str(source))


def _categories(file: Path) -> dict[int, str]:
    """The names of a COCO file's categories by their ids."""
    try:
        categories = json.loads(read_bytes(file, limit=_MAX_LABELS_BYTES, kind="input"))["categories"]
        return {int(category["id"]): str(category["name"]) for category in categories}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BoxpaintError(
            "it has no categories with id and name.", "input", file=str(file), field="categories"
        ) from error
