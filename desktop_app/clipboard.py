"""Objects on the clipboard: the text of a layout file, for editors, chats and other windows to give and take."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject

LIMIT = 4 * 2**20
"""Longest text in characters that is looked at: a layout of ten thousand objects has half of that."""

_FENCE = "```"


def put(layout: Layout, objects: Sequence[LayoutObject]) -> None:
    """Copy these objects, as a layout of the same size that holds nothing else."""
    from engine.formats.boxpaint_layout import layout_to_dict

    text = json.dumps(layout_to_dict(layout.with_objects(objects)), indent=2, ensure_ascii=False)
    QGuiApplication.clipboard().setText(text)


def parse(text: str) -> tuple[LayoutObject, ...]:
    """The objects that a text describes, in any layout format; chats' code fences are looked into.

    Raises:
        BoxpaintError: There is none.
    """
    from engine.formats.registry import read

    if len(text) > LIMIT:
        raise BoxpaintError(
            f"the text on the clipboard is longer than {LIMIT} characters.", hint="Save it as a file, and open that."
        )
    if not text.strip():
        raise _nothing()
    content = _unfenced(text)
    # The formats read files; what a text is they find out from its content.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clipboard.json"
        file.write_text(content, encoding="utf-8", errors="replace")
        try:
            dataset = read(file)
        except BoxpaintError as error:
            raise _nothing(error) from error
    objects = dataset.entries[0].layout.objects if dataset.entries else ()
    if not objects:
        raise _nothing()
    return objects


def _unfenced(text: str) -> str:
    """What stands in the first fence that begins with a line of its own, perhaps of a word; without one the text."""
    for part in text.split(_FENCE)[1:-1]:
        first, line_ended, content = part.partition("\n")
        word = first.strip().replace("-", "_")
        if line_ended and (not word or word.isidentifier()):
            return content
    return text


def _nothing(reason: BoxpaintError | None = None) -> BoxpaintError:
    said = f" ({reason.message.rstrip('.')})" if reason is not None else ""
    return BoxpaintError(
        f"there are no boxes on the clipboard{said}.", hint="Copy boxes, or the text of a layout file."
    )
