"""One picture that shows every step of a run: its composite, number, prompt and time."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from engine.runs.records import read_record
from engine.runs.store import read_step, save_png

_COLUMNS = 5
_CAPTION = 30
_GAP = 6


def write_contact_sheet(folder: Path, target: Path, *, columns: int = _COLUMNS, side: int = 240) -> Path:
    """Draw the finished steps of the run in ``folder`` into a PNG at ``target``.

    Args:
        columns: Pictures in a row.
        side: Longer side of each picture in pixels.

    Raises:
        BoxpaintError: The run cannot be read, or the sheet cannot be written.
    """
    record = read_record(folder)
    size = (record["width"], record["height"])
    scale = side / max(size)
    cell = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    steps = [(entry, read_step(folder, entry, size)) for entry in record["steps"]]
    rows = max(1, math.ceil(len(steps) / columns))
    width = _GAP + min(columns, max(1, len(steps))) * (cell[0] + _GAP)
    sheet = Image.new("RGB", (width, _GAP + rows * (cell[1] + _CAPTION + _GAP)), (32, 33, 36))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(12)
    for number, (entry, pictures) in enumerate(steps):
        left = _GAP + number % columns * (cell[0] + _GAP)
        top = _GAP + number // columns * (cell[1] + _CAPTION + _GAP)
        sheet.paste(pictures.composite.resize(cell, Image.Resampling.LANCZOS), (left, top))
        caption = f"{entry['index'] + 1}. {entry['prompt']}"
        while len(caption) > 4 and draw.textlength(caption, font) > cell[0]:
            caption = f"{caption[:-2]}…"
        draw.text((left, top + cell[1] + 1), caption, (232, 234, 237), font)
        draw.text((left, top + cell[1] + 15), f"{entry['seconds']:.2f} s", (154, 160, 166), font)
    save_png(sheet, target)
    return target
