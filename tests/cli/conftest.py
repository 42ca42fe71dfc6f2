"""What the command line's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.formats.registry import Entry, write
from engine.layout import Layout


@pytest.fixture
def layout_file(two_objects: Layout, tmp_path: Path) -> Path:
    file = tmp_path / "two.layout.json"
    write(file, [Entry("two", two_objects)], "boxpaint")
    return file
