"""Files that a reader once stumbled over, and files changed at random: they give a result or a BoxpaintError."""

from __future__ import annotations

import os
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BoxpaintError
from tests.hostile.targets import TARGETS, mutant, seeds
from tests.hostile.watch import watched

FOLDER = Path(__file__).parents[1] / "data" / "hostile"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".md")


def attempt(target: str, content: bytes) -> str:
    """Let a target read something; what it was refused for, or nothing."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "given"
        folder.mkdir()
        os.environ["BOXPAINT_MODELS"] = str(folder / "models")
        with watched(Path(name).parent) as seen:
            try:
                TARGETS[target](content, folder)
                said = ""
            except BoxpaintError as error:
                said = str(error)
        assert seen == []
        assert {path.name for path in Path(name).iterdir()} == {"given"}
    return said


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXPAINT_MODELS", "")  # put back afterwards


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_was_once_stumbled_over(file: str) -> None:
    attempt(file.split("-")[0], (FOLDER / file).read_bytes())


SEEDS = {target: seeds(target) for target in TARGETS}


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(seed=st.integers(0, 2**32))
def test_files_changed_at_random(target: str, seed: int) -> None:
    choose = random.Random(seed)
    content = choose.choice(SEEDS[target])
    for _ in range(choose.randint(1, 3)):
        changed = mutant(content, choose) if choose.random() < 0.7 else None
        place, length = choose.randrange(len(content) + 1), choose.randint(0, 8)
        new = choose.randbytes(choose.randint(0, 8))
        content = changed or content[:place] + new + content[place + length :]
    attempt(target, content)


@pytest.mark.parametrize("target", [target for target in TARGETS if target != "layout"])
def test_the_seeds_are_sound(target: str) -> None:
    for seed in SEEDS[target]:
        assert attempt(target, seed) == ""
