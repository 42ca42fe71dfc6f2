"""``boxpaint models``: which models there are, and how others get here."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from desktop_app.commands import hub
from desktop_app.commands.output import add_json_option, emit, note
from desktop_app.exit_codes import BAD_INPUT
from engine.errors import BoxpaintError
from engine.files import make_folder, read_bytes, write_json
from engine.models.catalogue import list_models
from engine.models.checking import Finding, check_folder
from engine.models.installed import SAFE_SUFFIXES, check_name, copy_safe_files, install, models_folder, remove
from engine.models.published import PUBLISHED, PublishedModel

CARD = "boxpaint.json"
_MAX_LABELS_BYTES = 512 * 2**20


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("models", help="list, fetch, import, check and remove models")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="names, sizes and licences")
    listing.set_defaults(run=run_list)
    fetching = actions.add_parser("fetch", help="download a published model; continues where it was interrupted")
    fetching.add_argument("name", choices=tuple(model.name for model in PUBLISHED), help="which one")
    fetching.add_argument("--revision", default="main", help="commit, tag or branch; a commit makes it repeatable")
    fetching.set_defaults(run=run_fetch)
    importing = actions.add_parser(
        "import", help="take in a pipeline's or a detector's folder, or an original DETR checkpoint (.pth)"
    )
    importing.add_argument("source", type=Path, metavar="PATH", help="a folder, or a .pth file")
    importing.add_argument("--name", help="what it shall be called (default: the name of PATH)")
    importing.add_argument(
        "--labels", type=Path, metavar="COCO", help="COCO file whose categories a DETR checkpoint was trained on"
    )
    importing.set_defaults(run=run_import)
    checking = actions.add_parser("check", help="look for what is missing, broken or unsafe in a model")
    checking.add_argument("model", help="a name from the list, or a folder")
    checking.set_defaults(run=run_check)
    removing = actions.add_parser("remove", help="delete a fetched or imported model")
    removing.add_argument("name")
    removing.set_defaults(run=run_remove)
    for action in (listing, fetching, importing, checking, removing):
        add_json_option(action)


def run_list(args: argparse.Namespace) -> int:
    """Print the catalogue: what is here, then what could be fetched."""
    entries = list_models()
    models: list[dict[str, Any]] = [
        {
            "name": entry.name,
            "kind": entry.kind,
            "path": str(entry.path),
            "installed": entry.installed,
            "licence": entry.licence,
            "bytes": entry.bytes,
            **({"problem": entry.problem} if entry.problem else {}),
        }
        for entry in entries
    ]
    lines = [
        f"{entry.name:24} {entry.kind:9} {entry.bytes / 2**20:8.1f} MiB  "
        + (entry.problem or entry.licence or "licence unknown")
        for entry in entries
    ]
    there = {entry.name for entry in entries}
    for model in PUBLISHED:
        if model.name not in there:
            path = models_folder() / model.name
            models.append(
                {
                    "name": model.name,
                    "kind": model.kind,
                    "path": str(path),
                    "installed": False,
                    "licence": model.licence,
                    "bytes": 0,
                    "repository": model.repository,
                }
            )
            lines.append(f"{model.name:24} {'to fetch':9} {'':12}  {model.about} ({model.repository})")
    emit(args, {"models": models}, "\n".join(lines))
    return 0


def run_fetch(args: argparse.Namespace) -> int:
    """Download a published model into the user's folder; it is listed once it is whole."""
    model: PublishedModel = next(model for model in PUBLISHED if model.name == args.name)
    folder = make_folder(models_folder() / model.name)
    patterns = [f"*{suffix}" for suffix in sorted(SAFE_SUFFIXES)]
    commit = hub.fetch(model.repository, "model", args.revision, folder, patterns)
    _refuse_serious(folder, model.repository)
    origin = {"repository": model.repository, "commit": commit}
    write_json(folder / CARD, {"schema_version": 1, "name": model.name, "kind": "pipeline", **model.card, **origin})
    emit(args, {"name": model.name, "folder": str(folder), **origin}, f"{model.name}: {folder}")
    return 0


def run_import(args: argparse.Namespace) -> int:
    """Take in a folder or a checkpoint."""
    source: Path = args.source
    name = check_name(args.name or source.stem if source.is_file() else args.name or source.resolve().name)
    if source.is_dir():
        folder, left_out = _import_folder(source, name)
    elif source.suffix == ".pth":
        folder, left_out = _import_detr(source, name, args.labels), []
    else:
        raise BoxpaintError(
            "it is neither a model's folder nor an original DETR checkpoint (.pth)."
            if source.exists()
            else "there is no such file or folder.",
            "model",
            file=str(source),
            hint="A single-file pipeline becomes a folder by diffusers' from_single_file and save_pretrained.",
        )
    if left_out:
        note(f"left out, for they are neither text nor safetensors: {', '.join(left_out)}")
    emit(args, {"name": name, "folder": str(folder), "left_out": left_out}, f"{name}: {folder}")
    return 0


def _import_folder(source: Path, name: str) -> tuple[Path, list[str]]:
    _refuse_serious(source, str(source))
    left_out: list[str] = []

    def fill(staging: Path) -> None:
        left_out.extend(copy_safe_files(source, staging))
        _refuse_serious(staging, str(source))
        kind = "pipeline" if (staging / "model_index.json").is_file() else "detector"
        own = json.loads((staging / CARD).read_bytes()) if (staging / CARD).is_file() else {}
        write_json(staging / CARD, {"schema_version": 1, "kind": kind, **own, "name": name})

    return install(name, fill), left_out


def _import_detr(source: Path, name: str, labels_file: Path | None) -> Path:
    # These load torch; listing and checking models do without.
    from engine.detection.detr import convert, read_checkpoint
    from engine.detection.transformer import save_converted

    if labels_file is None:
        raise BoxpaintError(
            "a DETR checkpoint does not name its classes.",
            "usage",
            field="--labels",
            hint="Give the COCO file of the dataset that it was trained on, e.g. LayoutBench's scenes_…_coco.json.",
        )
    original = read_checkpoint(source)
    model = convert(original, _labels(labels_file, original.state["class_embed.weight"].shape[0] - 1))

    def fill(staging: Path) -> None:
        save_converted(model, staging)
        write_json(staging / CARD, {"schema_version": 1, "kind": "detector", "name": name})

    return install(name, fill)


def _labels(file: Path, classes: int) -> list[str]:
    """The label of each class index: DETR's classes are category ids, gaps in them are never predicted."""
    try:
        categories = json.loads(read_bytes(file, limit=_MAX_LABELS_BYTES, kind="input"))["categories"]
        names = {int(category["id"]): str(category["name"]) for category in categories}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BoxpaintError(
            "it has no categories with id and name.", "input", file=str(file), field="categories"
        ) from error
    beyond = [number for number in names if not 0 <= number < classes]
    if beyond or not names:
        raise BoxpaintError(
            f"its category ids do not fit the checkpoint's {classes} classes ({sorted(beyond)[:3]}).",
            "input",
            file=str(file),
            field="categories",
            hint="Give the file of the dataset that the checkpoint was trained on.",
        )
    return [names.get(index, f"unused {index}") for index in range(classes)]


def run_check(args: argparse.Namespace) -> int:
    """Print what is found in a model; exit code 2 when it cannot be used."""
    known = {entry.name: entry.path for entry in list_models()}
    folder = known.get(args.model, Path(args.model))
    findings = check_folder(folder)
    serious = any(finding.serious for finding in findings)
    data = [{"serious": item.serious, "file": item.file, "text": item.text} for item in findings]
    emit(args, {"model": args.model, "path": str(folder), "usable": not serious, "findings": data}, _told(findings))
    return BAD_INPUT if serious else 0


def run_remove(args: argparse.Namespace) -> int:
    """Delete one of the user's models."""
    folder = remove(args.name)
    emit(args, {"removed": args.name, "folder": str(folder)}, f"removed {folder}")
    return 0


def _told(findings: list[Finding]) -> str:
    if not findings:
        return "sound: nothing is missing, broken or unsafe"
    return "\n".join(f"{'ERROR' if item.serious else 'note '} {item.file}: {item.text}" for item in findings)


def _refuse_serious(folder: Path, shown: str) -> None:
    serious = [item for item in check_folder(folder) if item.serious]
    if serious:
        raise BoxpaintError(
            f"the model cannot be used: {serious[0].text}.",
            "model",
            file=shown,
            item=serious[0].file,
            hint="See `boxpaint models check` for all that is wrong.",
        )
