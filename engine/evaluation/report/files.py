"""Writing a report: the page, every table as CSV and LaTeX, and COCO files for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from engine.evaluation.report.contents import Contents, RunReport
from engine.evaluation.report.page import page
from engine.evaluation.truth import Truth
from engine.files import make_folder, write_bytes, write_json
from engine.formats.coco_detections import ResultRow, write_results

PAGE = "report.html"


def write_report(folder: Path, contents: Contents) -> list[Path]:
    """Write every file of a report; their paths, the page first.

    Raises:
        BoxpaintError: A file cannot be written.
    """
    make_folder(folder)
    written = [folder / PAGE]
    write_bytes(written[0], page(contents).encode())
    for table in contents.tables():
        for suffix, text in ((".csv", table.csv()), (".tex", table.latex())):
            written.append(folder / f"{table.name}{suffix}")
            write_bytes(written[-1], text.encode())
    written.append(folder / "ground_truth_coco.json")
    first = contents.runs[0]
    write_json(written[-1], _truth_json(first.prepared.truth, first.prepared.categories))
    for run in contents.runs:
        written.append(folder / f"detections_coco_{run.name}.json")
        write_results(written[-1], _rows(run))
    return written


def versions() -> dict[str, str]:
    """Versions of the packages that figures depend on."""
    found = {}
    for package in ("boxpaint", "torch", "diffusers", "transformers", "numpy", "pillow", "pycocotools"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _truth_json(truth: Truth, categories: dict[str, int]) -> dict[str, Any]:
    """The targets as COCO instances, numbered as the detections beside them are; splits are kept in the images."""
    ids = _category_ids(truth, categories)
    return {
        "info": {"description": "Boxpaint: targets of a scored benchmark"},
        "images": [
            {"id": number, "file_name": f"{image.name}.png", "width": image.width, "height": image.height}
            | {"split": image.split}
            for number, image in enumerate(truth.images, 1)
        ],
        "categories": [{"id": ids[number], "name": name} for number, name in enumerate(truth.labels)],
        "annotations": [
            {
                "id": row + 1,
                "image_id": int(truth.image[row]) + 1,
                "category_id": ids[int(truth.label[row])],
                "bbox": truth.boxes[row].tolist(),
                "area": float(truth.area[row]),
                "iscrowd": 0,
            }
            for row in range(len(truth.image))
        ],
    }


def _rows(run: RunReport) -> Iterator[ResultRow]:
    truth, found = run.prepared.truth, run.prepared.found
    ids = _category_ids(truth, run.prepared.categories)
    for row in range(len(found)):
        x, y, width, height = found.boxes[row].tolist()
        yield ResultRow(
            int(found.image[row]) + 1, ids[int(found.label[row])], (x, y, width, height), float(found.score[row])
        )


def _category_ids(truth: Truth, categories: dict[str, int]) -> list[int]:
    """The ids that the dataset's files give the classes, where they give all of them one."""
    if all(label in categories for label in truth.labels):
        return [categories[label] for label in truth.labels]
    return list(range(1, len(truth.labels) + 1))
