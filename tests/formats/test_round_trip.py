"""Reading what was written gives the same layout, again and again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.formats import registry
from engine.formats.dataset import Dataset, Entry
from engine.layout import Box, Layout
from engine.layout.vocabulary import CLEVR_48, COCO_80
from tests.formats.samples import ASKED, FILES, FOLDER, OUTPUTS, layouts

SETTINGS = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
EDGES = ("x0", "y0", "x1", "y1")
NEEDS_CLEVR = ("layoutbench", "layoutbench-root")


def trip(entries: tuple[Entry, ...], name: str, **extra: object) -> Dataset:
    """The entries, written and read again."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / OUTPUTS[name]
        registry.write(path, entries, name, **extra)  # type: ignore[arg-type]
        return registry.read(path, format=name, **ASKED.get(name, {}))


def content(dataset: Dataset) -> list[tuple[str | None, Layout]]:
    return [(entry.split, entry.layout) for entry in dataset.entries]


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_writable_format_is_tried(name: str) -> None:
    assert registry.default_registry().get(name).can_write
    assert set(OUTPUTS) == {entry.name for entry in registry.default_registry().formats if entry.can_write}


@SETTINGS
@given(layouts(), st.booleans())
def test_the_native_format_keeps_every_bit(layout: Layout, as_project: bool) -> None:
    read = trip((Entry("a", layout, "train"),), "boxpaint-project" if as_project else "boxpaint")
    assert content(read) == [("train", layout)]
    assert [dict(item.extra) for item in read.entries[0].layout.objects] == [
        dict(item.extra) for item in layout.objects
    ]


@pytest.mark.parametrize("name", OUTPUTS)
@SETTINGS
@given(data=st.data())
def test_what_was_read_comes_back_the_same(name: str, data: st.DataObject) -> None:
    layout = data.draw(layouts(clevr=name in NEEDS_CLEVR or name == "coco-results"))
    if name == "coco-results":
        if not layout.objects:
            return  # a list of detections says nothing about pictures without any
        layout = replace(layout, width=320, height=240)
    first = trip((Entry("a", layout),), name)
    second = trip(first.entries, name, extra=first.extra)
    assert content(second) == content(first)
    assert second.extra == first.extra
    for before, after in zip(layout.objects, first.entries[0].layout.objects, strict=True):
        assert after.prompt == before.prompt or name == "coco-results"
        for edge in EDGES:
            assert getattr(after.box, edge) == pytest.approx(getattr(before.box, edge), abs=1e-9)


@pytest.mark.parametrize("name", [name for name in OUTPUTS if name not in ("yolo", "coco-results")])
@SETTINGS
@given(data=st.data())
def test_what_only_boxpaint_knows_survives_other_formats(name: str, data: st.DataObject) -> None:
    layout = data.draw(layouts(clevr=name in NEEDS_CLEVR))
    (entry,) = trip((Entry("a", layout),), name).entries
    for before, after in zip(layout.objects, entry.layout.objects, strict=True):
        assert (after.id, after.locked, after.hidden, after.seed) == (
            before.id,
            before.locked,
            before.hidden,
            before.seed,
        )
        assert {key: after.extra[key] for key in before.extra} == dict(before.extra)


@pytest.mark.parametrize("name", OUTPUTS)
def test_nothing_drifts_in_a_hundred_trips(name: str) -> None:
    box = Box(0.1234567890123, 1 / 3, 0.7, 2 / 3 + 1e-10)
    source = registry.read(FOLDER / "scenes_number_few.json").entries[0].layout
    items = (replace(source.objects[0], box=box), *source.objects[1:])
    layout = Layout(320, 240, items) if name in ASKED else Layout(317, 211, items)
    first = current = trip((Entry("a", layout),), name).entries[0]
    for _ in range(100):
        current = trip((current,), name).entries[0]
    assert current.layout == first.layout
    for edge in EDGES:
        assert getattr(current.layout.objects[0].box, edge) == pytest.approx(getattr(box, edge), abs=1e-9)


@pytest.mark.parametrize("file", FILES)
def test_files_are_known_by_their_content(file: str, tmp_path: Path) -> None:
    name, asked = FILES[file]
    source = FOLDER / file
    plain = tmp_path / ("folder" if source.is_dir() else f"file{source.suffix}")
    shutil.copytree(source, plain) if source.is_dir() else shutil.copy(source, plain)
    dataset = registry.read(plain, **asked)
    assert dataset.format == name
    assert dataset.entries


@pytest.mark.parametrize("file", [file for file, (name, _) in FILES.items() if name in OUTPUTS and name != "yolo"])
def test_sample_files_go_back_unharmed(file: str, tmp_path: Path) -> None:
    name, asked = FILES[file]
    first = registry.read(FOLDER / file, **asked)
    path = tmp_path / (file if Path(file).suffix else "out")
    registry.write(path, first.entries, name, extra=first.extra)
    second = registry.read(path, **asked)
    assert content(second) == content(first)
    assert [entry.name for entry in second.entries] == [entry.name for entry in first.entries]
    assert second.extra == first.extra


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("to", OUTPUTS)
def test_every_file_converts_to_every_format(file: str, to: str, tmp_path: Path) -> None:
    dataset = registry.read(FOLDER / file, **FILES[file][1])
    entries = dataset.entries[:1]
    prompts = {item.prompt for entry in entries for item in entry.layout.objects}
    if to in NEEDS_CLEVR and not prompts <= set(CLEVR_48):
        return
    if to == "coco-results" and not (prompts <= set(CLEVR_48) or prompts <= COCO_80.keys()):
        return
    registry.write(tmp_path / OUTPUTS[to], entries, to)
    back = registry.read(tmp_path / OUTPUTS[to], **({"size": entries[0].layout.size} if to in ASKED else {}))
    assert back.format == to
    assert len(back.entries[0].layout.objects) == len(entries[0].layout.objects)
    if to != "coco-results":  # which knows neither names nor sizes
        for before, after in zip(entries[0].layout.objects, back.entries[0].layout.objects, strict=True):
            assert after.prompt == before.prompt
            assert after.box.x0 == pytest.approx(before.box.x0, abs=1e-8)
            assert after.box.y1 == pytest.approx(before.box.y1, abs=1e-8)
