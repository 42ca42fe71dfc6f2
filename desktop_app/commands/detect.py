"""``boxpaint detect``: what a detector finds in pictures, as COCO results."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.commands import output
from desktop_app.commands.convert import add_reading_options, read_dataset
from desktop_app.commands.progress import ProgressLines
from desktop_app.exit_codes import SOME_FAILED
from engine.errors import BoxpaintError
from engine.worker.protocol import DEFAULT_DETECTOR

if TYPE_CHECKING:
    from engine.detection.protocol import Detector
    from engine.evaluation.picture_list import Listed, PictureList
    from engine.formats.coco_detections import ResultRow


DETECTOR_HELP = "a name from `boxpaint models list`, a detector's folder, or a YOLO's .onnx file"

_MAX_LABELS_BYTES = 4 * 2**20
_LABEL_FILES = frozenset({".txt", ".names", ".yaml", ".yml"})


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("detect", help="find objects in pictures; COCO results")
    parser.add_argument("pictures", nargs="+", type=Path, metavar="IMAGE|DIR", help="pictures, or folders of them")
    parser.add_argument("--out", type=Path, required=True, metavar="RESULTS", help="the results file (.json) to write")
    parser.add_argument(
        "--layouts",
        dest="input",
        metavar="DATASET",
        help="take ids of pictures and classes, and sizes, from these layouts",
    )
    add_detector_options(parser)
    parser.add_argument(
        "--protocol", help="bring pictures to the size of this protocol first (layoutbench: 320 × 320 pixels)"
    )
    add_reading_options(parser)
    output.add_json_option(parser)
    parser.set_defaults(run=run)


def add_detector_options(parser: argparse.ArgumentParser) -> None:
    """Which detector, and where it runs; shared by the commands that detect."""
    parser.add_argument("--detector", default=DEFAULT_DETECTOR, help=DETECTOR_HELP)
    parser.add_argument(
        "--labels",
        metavar="FILE|NAMES",
        help="one name per line, or names with commas between them: what a detector of an open vocabulary looks for "
        "(default: the layouts' prompts), or the classes of a network that does not name them",
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")


def load(args: argparse.Namespace, prompts: Sequence[str]) -> Detector:
    """The detector that the command line names, if it knows any of the prompts."""
    return load_named(args.detector, args.device, prompts, read_labels(args.labels))


def load_named(name: str, device: str, prompts: Sequence[str], labels: Sequence[str] = ()) -> Detector:
    """The detector of this name, folder or file, on this device, if it knows any of the prompts."""
    from engine.detection.fitting import load_fitting
    from engine.models.machine import choose_device

    detector = load_fitting(name, choose_device(device), prompts, labels)
    for text in detector.notes:
        output.note(f"note: {text}")
    return detector


def tell_unknown(prompts: Sequence[str]) -> None:
    """Say which of the layouts' prompts the detector does not know, before anything is painted."""
    if prompts:
        shown = ", ".join(prompts[:5]) + (", …" if len(prompts) > 5 else "")
        output.note(f"note: the detector does not know {len(prompts)} of the prompts ({shown}); they are never found")


def read_labels(given: str | None) -> tuple[str, ...]:
    """The labels of ``--labels``: those of a file, else the words between commas.

    Raises:
        BoxpaintError: There are none.
    """
    from engine.detection.labels import labels_of
    from engine.files import read_bytes
    from engine.formats.yolo_names import names_of_yaml
    from engine.layout.word_list import words_of

    if given is None:
        return ()
    path = Path(given)
    if path.is_file():
        text = read_bytes(path, limit=_MAX_LABELS_BYTES, kind="input").decode("utf-8", "replace")
        labels = words_of(text)
        if path.suffix.lower() in (".yaml", ".yml"):
            labels = tuple(labels_of(names_of_yaml(text, given)))
    elif path.suffix in _LABEL_FILES:
        raise BoxpaintError("there is no such file.", "input", file=given, field="--labels")
    else:
        labels = words_of("\n".join(given.split(",")))
    if not labels:
        raise BoxpaintError("there is no label.", "input", file=given, field="--labels", hint="Write one per line.")
    return labels


def run(args: argparse.Namespace) -> int:
    """Carry the command out: pictures that cannot be read are named and left out, with exit code 3."""
    from engine.detection.fitting import prompts_of
    from engine.evaluation.picture_list import list_pictures
    from engine.evaluation.protocols import categories_of, default_categories, find_protocol
    from engine.formats.coco_detections import write_results

    size = find_protocol(args.protocol).size if args.protocol else None
    dataset = read_dataset(args) if args.input else None
    listed = list_pictures(args.pictures, dataset, size)
    for name in listed.extra[:5]:
        output.note(f"note: {name} has no layout; it is left out")
    detector = load(args, prompts_of(entry.layout for entry in dataset.entries) if dataset else ())
    categories = categories_of(dataset) if dataset else default_categories(set(detector.labels))
    unknown: set[str] = set()
    failed: list[str] = []
    rows = _rows(listed, detector, categories, size, unknown, failed)
    count = write_results(args.out, rows)
    for label in sorted(unknown):
        output.note(f"note: the dataset has no class {label!r}; such detections are left out")
    data = {
        "out": str(args.out),
        "detector": detector.name,
        "pictures": len(listed.pictures) - len(failed),
        "detections": count,
        "failed": failed,
        "without_layout": list(listed.extra),
        "categories": [{"id": identity, "name": name} for name, identity in categories.items()],
    }
    output.emit(args, data, f"{args.out}: {count} detections in {data['pictures']} pictures")
    return SOME_FAILED if failed else 0


def _rows(
    listed: PictureList,
    detector: Detector,
    categories: dict[str, int],
    size: tuple[int, int] | None,
    unknown: set[str],
    failed: list[str],
) -> Iterator[ResultRow]:
    from engine.evaluation.detecting import BATCH, detect_files, result_rows
    from engine.layout.matching import plain

    ids = {plain(name): identity for name, identity in categories.items()}
    progress = ProgressLines()
    for start in range(0, len(listed.pictures), BATCH):
        batch = list(_readable(listed.pictures[start : start + BATCH], failed))
        found = detect_files([item.path for item in batch], detector, size)
        for item, detections in zip(batch, found, strict=True):
            unknown.update(found.label for found in detections if plain(found.label) not in ids)
            yield from result_rows(item.identity, item.size, detections, ids)
        progress("detecting", start + len(batch), len(listed.pictures))


def _readable(pictures: Iterable[Listed], failed: list[str]) -> Iterator[Listed]:
    """The pictures that can be opened; the others are told and remembered."""
    from engine.detection.pictures import read_picture

    for item in pictures:
        try:
            read_picture(item.path)
        except BoxpaintError as error:
            output.note(f"boxpaint: {error}")
            failed.append(str(item.path))
        else:
            yield item
