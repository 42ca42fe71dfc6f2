"""A small detector with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detectors import make_tiny_detector


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A detector folder with few, random weights."""
    return make_tiny_detector(tmp_path)
