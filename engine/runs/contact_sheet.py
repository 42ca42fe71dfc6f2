"""One picture that shows every step of a run: its composite, number, prompt and time."""

from __future__ import annotations

from pathlib import Path

from engine.runs.export import Cell, save_picture, sheet
from engine.runs.records import read_record


def write_contact_sheet(folder: Path, target: Path, *, columns: int = 5, side: int = 240) -> Path:
    """Draw the finished steps of the run in ``folder`` into a picture at ``target``.

    Args:
        columns: Pictures in a row.
        side: Longer side of each picture in pixels.

    Raises:
        BoxpaintError: The run cannot be read, or the sheet cannot be written.
    """
    cells = [
        Cell(
            str(folder / Path(str(entry.get("composite"))).name),
            f"{entry['index'] + 1}. {entry['prompt']}",
            f"{entry['seconds']:.2f} s",
        )
        for entry in read_record(folder)["steps"]
    ]
    save_picture(sheet(cells, columns=columns, side=side), target)
    return target
