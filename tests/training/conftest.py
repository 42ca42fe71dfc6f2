"""The eight rendered scenes that ship with the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.training.data import Pictures, load_pictures

SCENES = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"


@pytest.fixture(scope="session")
def scenes() -> Path:
    return SCENES


@pytest.fixture(scope="session")
def pictures(scenes: Path) -> Pictures:
    return load_pictures([scenes], report=lambda line: None, hold_out=2)
