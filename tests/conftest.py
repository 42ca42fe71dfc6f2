"""Settings every test shares (no screen needed, no model hub asked), and the tiny pipeline that many paint with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.layout import Box, Layout, LayoutObject

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
# Whatever models the person who runs the tests has, the tests see none of them.
os.environ["BOXPAINT_MODELS"] = str(Path(__file__).parent / "data" / "no-models")
# The tiny networks of the tests lose more by waiting for a second thread than they win by it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

_MOST_WORKERS = 4
"""Processes of tests beside each other, at most: each imports torch and has an engine of its own."""

_KEPT = 200 * 2**20
"""Bytes by which a file of tests may leave the process larger."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` stands for."""
    return min(_MOST_WORKERS, os.cpu_count() or 1)


@pytest.fixture(autouse=True, scope="module")
def memory_given_back() -> Iterator[None]:
    """What a file of tests freed goes back to the system: the C library would keep it, gigabytes of it in the end."""
    import psutil

    before = psutil.Process().memory_info().rss
    yield
    if psutil.Process().memory_info().rss - before > _KEPT:
        from engine.models.placing import free_memory

        free_memory("cpu")


@pytest.fixture(scope="session")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a real Stable Diffusion inpainting pipeline with few, random weights."""
    from tests.pipelines import make_tiny_pipeline

    return make_tiny_pipeline(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def two_objects() -> Layout:
    """A 64×48 layout of two overlapping objects whose edges fall between pixels at other sizes."""
    return Layout(
        64,
        48,
        (
            LayoutObject("a", "red metal cube", Box.from_pixels(4, 6, 27, 31, 64, 48)),
            LayoutObject("b", "blue rubber sphere", Box.from_pixels(20, 18, 61, 45, 64, 48)),
        ),
    )


@pytest.fixture
def unwritable(tmp_path: Path) -> Iterator[Path]:
    """A path below a regular file: no user, not even root, can make a folder there."""
    file = tmp_path / "in_the_way"
    file.write_text("a file, not a folder")
    yield file / "out"
