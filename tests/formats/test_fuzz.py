"""Whatever is in a file, reading it gives layouts or a BoxpaintError, soon and in little memory."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.errors import BoxpaintError
from engine.formats import registry
from tests.formats.samples import FILES, FOLDER, OUTPUTS

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 10**30, 0.5, -0.0, 1e308, 5e-324, "", "x", "../x", "\ud800", "a\0b", [], {},
    [[]], [1, 2, 3], [0, 0, 0, 0], [1, 1, 1e999, 1], [-5, -5, 1e9, 1e9], {"a": {}}, [None] * 4, "1e5", "nan", "é" * 300,
)  # fmt: skip


def attempt(path: Path, **asked: Any) -> None:
    """Read, and write what was read in its own format; nothing but a BoxpaintError may come out."""
    start = time.process_time()
    try:
        dataset = registry.read(path, **asked)
        if dataset.format in OUTPUTS:
            registry.write(path.with_name(f"again_{OUTPUTS[dataset.format]}"), dataset.entries, dataset.format)
    except BoxpaintError as error:
        assert str(error)
        str(error).encode("utf-8", "surrogatepass")
    assert time.process_time() - start < 5  # of this process, so that a busy machine fails nothing


def mutated(value: Any, choose: random.Random) -> Any:
    """``value`` with one place changed, taken out, doubled or swapped for something strange."""
    if isinstance(value, (dict, list)) and value and choose.random() < 0.85:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = choose.choice(keys)
        copy = value.copy()
        action = choose.random()
        if action < 0.7:
            copy[key] = mutated(copy[key], choose)
        elif action < 0.85:
            del copy[key]
        elif isinstance(copy, list):
            copy.append(copy[key])
        else:
            copy[choose.choice(["id", "box", "bbox", "extra", "schema_version"])] = copy[key]
        return copy
    return choose.choice(STRANGE)


JSON_FILES = [file for file in FILES if file.endswith(".json")]


@pytest.mark.parametrize("file", JSON_FILES)
@SETTINGS
@given(seed=st.integers(0, 2**32), rounds=st.integers(1, 3))
def test_changed_values(file: str, seed: int, rounds: int) -> None:
    choose = random.Random(seed)
    data = json.loads((FOLDER / file).read_text("utf-8"))
    for _ in range(rounds):
        data = mutated(data, choose)
    with TemporaryDirectory() as folder:
        path = Path(folder) / file
        path.write_text(json.dumps(data), "utf-8", "surrogatepass")
        attempt(path, **FILES[file][1])
        attempt(path, format=FILES[file][0], **FILES[file][1])


@pytest.mark.parametrize("file", [file for file in FILES if (FOLDER / file).is_file()])
@SETTINGS
@given(
    start=st.floats(0, 1),
    length=st.integers(0, 40),
    new=st.binary(max_size=12) | st.sampled_from([b"NaN", b"1e999", b"]"]),
)
def test_changed_bytes(file: str, start: float, length: int, new: bytes) -> None:
    content = (FOLDER / file).read_bytes()
    place = int(start * len(content))
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(file).name
        path.write_bytes(content[:place] + new + content[place + length :])
        attempt(path, **FILES[file][1])


def binary_files() -> dict[str, bytes]:
    """A picture with its layout, and a project."""
    from PIL import Image

    from engine.formats.boxpaint_png import png_info

    entry = registry.read_entry(FOLDER / "native.layout.json")
    with TemporaryDirectory() as folder:
        picture, project = Path(folder) / "a.png", Path(folder) / "a.boxpaint"
        Image.new("RGB", (8, 8)).save(picture, pnginfo=png_info(entry.layout, {"seed": 1}))
        registry.write(project, [entry], "boxpaint-project")
        return {"a.png": picture.read_bytes(), "a.boxpaint": project.read_bytes()}


BINARY = binary_files()


@pytest.mark.parametrize("name", BINARY)
@SETTINGS
@given(start=st.floats(0, 1), length=st.integers(0, 40), new=st.binary(max_size=12))
@example(0.0, 0, b"")
def test_changed_pictures_and_projects(name: str, start: float, length: int, new: bytes) -> None:
    content = BINARY[name]
    place = int(start * len(content))
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content[:place] + new + content[place + length :])
        attempt(path)


NESTED: dict[str, Callable[[], str]] = {
    "objects": lambda: '{"objects": ' * 900 + "1" + "}" * 900,
    "kept field": lambda: '[{"x":1,"y":1,"width":2,"height":3,"label":"a","deep":' + "[" * 900 + "]" * 900 + "}]",
    "many brackets": lambda: "[" * 3_000_000,
    "many objects": lambda: json.dumps([{"x": 1, "y": 1, "width": 2, "height": 3, "label": "a"}] * 20_000),
    "long label": lambda: json.dumps([{"x": 1, "y": 1, "width": 2, "height": 3, "label": "a" * 1_000_000}]),
    "many names": lambda: json.dumps(
        [{"caption": "same", "box_captions": [], "boxes_normalized": []} for _ in range(20_000)]
    ),
}


@pytest.mark.parametrize("case", NESTED)
def test_deep_and_long_files(case: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text(NESTED[case]())
    attempt(path)
