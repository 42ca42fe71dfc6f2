"""Run folders, whole and damaged: what is left is told, the rest is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.events import RunCancelled, RunFailed, RunFinished, RunStarted, StepFinished, StepLost
from engine.inpainting.settings import GenerationSettings
from engine.models.loading import load_pipeline
from engine.runs.execute import RunExecution
from engine.runs.request import GenerationRequest
from engine.runs.saved import list_runs, read_run, summary


@pytest.fixture(scope="module")
def finished(tmp_path_factory, tiny_pipeline) -> tuple[Path, list]:
    """The folder of a finished run of three steps, and its events."""
    from engine.layout import Box, Layout, LayoutObject
    from engine.models.card import read_card

    layout = Layout(
        64,
        48,
        (
            LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.4, 0.5)),
            LayoutObject("b", "blue rubber sphere", Box(0.4, 0.3, 0.9, 0.9)),
        ),
    )
    folder = tmp_path_factory.mktemp("saved") / "run"
    settings = GenerationSettings(steps=1, width=64, height=48, previews=False)
    request = GenerationRequest("20260101-000000-aaaaaa", layout, settings, str(tiny_pipeline), str(folder))
    loaded = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")
    events: list = []
    RunExecution(request, emit=events.append, load=lambda *_: loaded, cancelled=lambda: False).run()
    assert isinstance(events[-1], RunFinished)
    return folder, events


@pytest.fixture
def copy(finished, tmp_path) -> Path:
    return Path(shutil.copytree(finished[0], tmp_path / "runs" / "run"))


def kinds(events) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_saved_run_tells_what_it_told_when_it_was_painted(finished) -> None:
    folder, told = finished
    saved = read_run(folder)
    assert not saved.problems and saved.layout == saved.request.layout
    assert [event.sequence for event in saved.events] == list(range(len(saved.events)))
    for kind in ("StepFinished", "DetectionsReady", "DetectorReady"):
        once = sorted((repr(e) for e in told if type(e).__name__ == kind), key=lambda text: text[-300:])
        again = [e for e in saved.events if type(e).__name__ == kind]
        assert len(once) == len(again)
    done = [event for event in told if isinstance(event, StepFinished)]
    again = [event for event in saved.events if isinstance(event, StepFinished)]
    assert [event.frames for event in again] == [event.frames for event in done]
    assert [event.drift for event in again] == [0.0, 0.0, 0.0]
    assert isinstance(saved.events[-1], RunFinished)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "missing"), (b"", "empty"), (b"hello" * 20, "not a PNG"), ("cut", "cut off")],
)
def test_a_damaged_picture_is_a_gap_with_its_reason(copy, content, reason) -> None:
    file = copy / "step_001_raw.png"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-40] if content == "cut" else content)
    saved = read_run(copy)
    assert kinds(e for e in saved.events if isinstance(e, (StepFinished, StepLost))) == [
        "StepFinished",
        "StepLost",
        "StepFinished",
    ]
    lost = next(event for event in saved.events if isinstance(event, StepLost))
    assert lost.index == 1 and reason in lost.reason and set(lost.frames) == {"context", "mask", "composite"}


def test_a_step_without_any_picture_is_a_gap(copy) -> None:
    for file in copy.glob("step_001_*"):
        file.unlink()
    lost = next(event for event in read_run(copy).events if isinstance(event, StepLost))
    assert lost.index == 1 and not lost.frames and "all its pictures" in lost.reason


def test_another_size_is_a_gap(copy) -> None:
    from PIL import Image

    Image.new("RGB", (10, 10)).save(copy / "step_002_composite.png")
    lost = next(event for event in read_run(copy).events if isinstance(event, StepLost))
    assert "10 × 10" in lost.reason


@pytest.mark.parametrize("content", [None, "", "{", "[]", "null", '{"steps": 3, "planned": "x"}'])
def test_without_its_record_the_pictures_are_shown(copy, content) -> None:
    file = copy / "run.json"
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    saved = read_run(copy)
    assert saved.layout is None and saved.problems
    started = next(event for event in saved.events if isinstance(event, RunStarted))
    assert (started.width, started.height, len(started.steps)) == (64, 48, 3)
    shown = [event for event in saved.events if isinstance(event, (StepFinished, StepLost))]
    assert all(len(event.frames) == 4 if isinstance(event, StepLost) else event.frames for event in shown)
    assert summary(copy).composites.keys() == {0, 1, 2} or content == '{"steps": 3, "planned": "x"}'


def test_an_older_and_a_newer_record_are_shown(copy) -> None:
    file = copy / "run.json"
    record = json.loads(file.read_text())
    old = {**record, "schema_version": 0}
    for name in ("parent", "detector", "owner"):
        del old[name]
    for entry in old["steps"]:
        for name in ("keep_drift", "attempts", "box", "detections"):
            entry.pop(name, None)
    for name in ("until", "retouch", "detector", "retry"):
        old["request"].pop(name)
    file.write_text(json.dumps(old))
    saved = read_run(copy)
    assert not saved.problems and saved.layout is not None
    assert sum(isinstance(event, StepFinished) for event in saved.events) == 3
    file.write_text(json.dumps({**record, "schema_version": 99, "steps": record["steps"]}))
    assert "newer" in read_run(copy).problems[0]


def test_cancelled_and_cut_off_runs_say_so(copy) -> None:
    file = copy / "run.json"
    record = json.loads(file.read_text())
    file.write_text(json.dumps({**record, "state": "cancelled", "steps": record["steps"][:1]}))
    assert isinstance(read_run(copy).events[-1], RunCancelled)
    file.write_text(json.dumps({**record, "state": "running"}))
    assert isinstance(read_run(copy).events[-1], RunFailed)


def test_runs_are_listed_with_their_parents_and_broken_ones_too(copy) -> None:
    root = copy.parent
    (root / "empty").mkdir()
    (root / "file.txt").write_text("no run")
    shutil.copytree(copy, root / "child")
    record = json.loads((root / "child" / "run.json").read_text())
    record.update(id="child", created="2099-01-01", parent={"run": "20260101-000000-aaaaaa", "kept": 1})
    record["request"].update(base=str(copy), keep=1)
    (root / "child" / "run.json").write_text(json.dumps(record))
    shutil.copytree(copy, root / "broken")
    (root / "broken" / "run.json").write_text("{")
    listed = list_runs(root)
    assert [Path(run.folder).name for run in listed] == ["child", "run", "broken"]
    child = listed[0]
    assert (child.parent, child.kept) == ("20260101-000000-aaaaaa", 1)
    assert child.labels[:2] == ("red metal cube", "blue rubber sphere")
    assert listed[2].problem and listed[2].state == "unknown"
    assert list_runs(root / "nothing") == []


def test_what_is_no_run_is_refused(tmp_path) -> None:
    with pytest.raises(BoxpaintError, match="no such folder"):
        read_run(tmp_path / "nothing")
    (tmp_path / "step_000_note.txt").write_text("x")
    with pytest.raises(BoxpaintError, match="nothing of a run"):
        read_run(tmp_path)


def test_reading_runs_imports_no_model_library() -> None:
    import subprocess
    import sys

    code = "import sys; import engine.runs.saved; print([n for n in ('numpy', 'torch', 'PIL') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
