"""What a training writes down as it goes: rows of a CSV file, and TensorBoard's events where they are wanted."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
from PIL import Image

from engine.errors import BoxpaintError
from engine.files import write_bytes

LOG = "log.csv"
SHEETS = "sheets"
EVENTS = "tensorboard"

FIELDS = ("step", "samples", "minutes", "lr", "loss", "samples_per_second", "outside_share")


class TrainingLog:
    """The log of one training in its folder; a resumed training goes on in it.

    Args:
        folder: The training's folder.
        tensorboard: Whether TensorBoard's events are written too, below ``tensorboard/``.

    Raises:
        BoxpaintError: TensorBoard's events are wanted and the package that writes them is not installed.
    """

    def __init__(self, folder: Path, *, tensorboard: bool = False) -> None:
        self._folder = folder
        self._events = _event_writer(folder / EVENTS) if tensorboard else None

    def trim(self, samples: int) -> None:
        """Forget the rows from after a checkpoint: they will come again."""
        path = self._folder / LOG
        if path.exists():
            rows = [row for row in csv.DictReader(path.open(newline="")) if int(row["samples"]) <= samples]
            _write_rows(path, rows)

    def add(self, row: dict[str, str]) -> None:
        """Append a row, one value for each of ``FIELDS``."""
        path = self._folder / LOG
        rows = list(csv.DictReader(path.open(newline=""))) if path.exists() else []
        _write_rows(path, [*rows, row])
        if self._events is not None:
            for name in ("lr", "loss", "samples_per_second", "outside_share"):
                self._events.add_scalar(name, float(row[name]), int(row["samples"]))
            self._events.flush()

    def sheet(self, picture: Image.Image, samples: int) -> None:
        """Keep a picture sheet."""
        content = io.BytesIO()
        picture.save(content, "PNG")
        write_bytes(self._folder / SHEETS / f"{samples:08d}.png", content.getvalue())
        if self._events is not None:
            self._events.add_image("sheet", np.asarray(picture.convert("RGB")), samples, dataformats="HWC")

    def close(self) -> None:
        """Write out what TensorBoard's writer still holds."""
        if self._events is not None:
            self._events.close()


def _event_writer(folder: Path):  # type: ignore[no-untyped-def]  # the package is optional
    try:
        from tensorboardX import SummaryWriter
    except ImportError as error:
        raise BoxpaintError(
            "TensorBoard's events need the package tensorboardX.",
            "settings",
            field="tensorboard",
            hint='Install it with `pip install "boxpaint[tensorboard]"`; the CSV log needs nothing.',
        ) from error
    return SummaryWriter(str(folder))


def _write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIELDS)
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(path, text.getvalue().encode())
