"""Exports whose pictures share calls of the model: the same pictures, whole calls, and nobody else's mistakes."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_app.__main__ import main
from engine.batch.ledger import FILE
from engine.formats.registry import Entry, write
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.sampler import Sampler
from engine.inpainting.settings import GenerationSettings
from engine.inpainting.together import SharedPainting
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import read_card
from engine.models.kept import Wanted
from engine.models.loading import LoadedModel, load_pipeline
from tests.hungry import Hungry

WORDS = ("red metal cube", "blue rubber sphere", "gray metal cylinder")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    """Seven layouts of one to three objects."""
    entries = []
    for number in range(7):
        places = [(0.05, 0.1, 0.3, 0.5), (0.6, 0.1, 0.9, 0.4), (0.2, 0.4, 0.7, 0.9)][: number % 3 + 1]
        objects = (LayoutObject(f"o{place}", WORDS[place], Box(*box)) for place, box in enumerate(places))
        entries.append(Entry(f"layout_{number}", Layout(64, 48, tuple(objects), caption="a few things")))
    file = tmp_path_factory.mktemp("layouts") / "all_layouts.json"
    write(file, entries, "layoutbench-coco")
    return file


@pytest.fixture
def batch(dataset, tiny_pipeline, capsys):
    """Runs the command in this process; its exit code and document."""

    def call(out: Path, *more: object, layouts: Path = dataset) -> tuple[int, Any]:
        common = ["batch", layouts, "--model", tiny_pipeline, "--out", out, "--size", "64x48", "--steps", "2"]
        code = main([*map(str, (*common, "--name", "run", "--workers", "0", *more)), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def calls(monkeypatch) -> list[int]:
    """How many pictures each call of the model painted."""
    sizes: list[int] = []
    inside = Sampler.call

    def counted(self, *, pictures=range(1), **inputs):
        sizes.append(len(pictures))
        return inside(self, pictures=pictures, **inputs)

    monkeypatch.setattr(Sampler, "call", counted)
    return sizes


def painted(out: Path) -> dict[str, Image.Image]:
    return {str(path.relative_to(out)): Image.open(path).convert("RGB") for path in sorted(out.rglob("*.png"))}


def psnr(one: Image.Image, other: Image.Image) -> float:
    error = float(((np.asarray(one, np.float64) - np.asarray(other, np.float64)) ** 2).mean())
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)


@pytest.mark.parametrize("area", ["full", "zoom"])
def test_pictures_are_those_of_painting_one_layout_after_the_other(batch, calls, tmp_path, area) -> None:
    assert batch(tmp_path / "alone", "--area", area)[0] == 0
    alone = list(calls)
    calls.clear()
    code, result = batch(tmp_path / "together", "--area", area, "--together", "4", "--iterations")
    assert code == 0 and (result["done"], result["open"]) == (7, 0)
    assert sum(calls) == sum(alone), "every step once"
    assert max(calls) == 4 and len(calls) <= sum(calls) / 4 + 5, "all but the last calls are full"
    pictures = painted(tmp_path / "alone")
    assert len(pictures) == 7
    found = painted(tmp_path / "together")
    for name, picture in pictures.items():
        assert psnr(picture, found[name]) > 45
    steps = [name for name in found if name.endswith("_mask.png")]
    assert len(steps) == sum(alone), "every step's pictures"


def test_what_a_call_painted_is_joined_to_its_picture_while_the_next_one_runs(tiny_pipeline, two_objects) -> None:
    settings = GenerationSettings(steps=2, width=64, height=48, waves="sequential")
    model = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")
    plan = make_plan(two_objects, settings, model.card)
    joined_meanwhile = []

    def on_iteration() -> None:
        begun = [picture.getting_ready for picture in shared._underway.values() if picture.getting_ready is not None]
        joined_meanwhile.extend(wait(begun, timeout=60).done)

    with SharedPainting(1, keep_steps=False, on_iteration=on_iteration) as shared:
        for name in range(2):
            painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
            shared.add(name, painter)
        finished = []
        while len(shared):
            finished += shared.paint()
    assert joined_meanwhile
    first, second = (pictures.steps[-1].composite for pictures in finished)
    assert first.tobytes() == second.tobytes()


def test_runs_with_other_settings_do_not_share_calls(batch, tmp_path) -> None:
    code, result = batch(tmp_path, "--together", "4", "--sweep", "steps=2,3")
    assert code == 0 and (result["done"], result["failed"]) == (14, [])


def test_pixel_mode_reference_is_painted_alone_to_the_byte(batch, calls, tmp_path) -> None:
    assert batch(tmp_path / "alone", "--pixels", "reference")[0] == 0
    assert batch(tmp_path / "together", "--pixels", "reference", "--together", "4")[0] == 0
    assert set(calls) == {1}
    found = painted(tmp_path / "together")
    for name, picture in painted(tmp_path / "alone").items():
        assert picture.tobytes() == found[name].tobytes()


def test_one_layouts_mistake_fails_that_layout_alone(batch, tiny_pipeline, tmp_path, monkeypatch) -> None:
    """A picture on which a kernel fails spoils a call; painted one by one, it is the only one that fails."""
    inside = Sampler._call

    def overflowing(self, size, seed, on_iteration, pictures, inputs):
        prompts = inputs["prompt"]
        result = inside(self, size, seed, on_iteration, pictures, inputs)
        if any("gray" in prompt for prompt in ([prompts] if isinstance(prompts, str) else prompts)):
            raise RuntimeError("a kernel failed")
        return result

    monkeypatch.setattr(Sampler, "_call", overflowing)
    objects = tuple(LayoutObject("a", word, Box(0.1, 0.1, 0.6, 0.6)) for word in ("red metal cube", "gray metal cube"))
    entries = [Entry(f"one_{number}", Layout(64, 48, (thing,), caption="x")) for number, thing in enumerate(objects)]
    file = tmp_path / "two.json"
    write(file, entries, "layoutbench-coco")
    # The background's prompt says gray as well: none is painted here.
    monkeypatch.setattr("engine.inpainting.plan.background_step", lambda index, *_: _background(index))
    code, result = batch(tmp_path / "out", "--together", "4", layouts=file)
    assert code == 3 and result["done"] == 1
    (failure,) = result["failed"]
    assert "one_1" in json.dumps(failure) and "a kernel failed" in json.dumps(failure)


def _background(index):
    from engine.events import Step

    return Step(index, "background", None, "Add ground", 1)


@pytest.mark.parametrize("together", [1, 2])
def test_memory_that_runs_out_is_told_with_the_pictures_it_concerns(
    dataset, tiny_pipeline, tmp_path, monkeypatch, capsys, together
) -> None:
    load, decoded = Wanted.load, []

    def hungry(self: Wanted, size: tuple[int, int]) -> LoadedModel:
        model = load(self, size)
        # In the second call: the first layout has two steps. A call of several pictures is halved before it counts.
        model.pipeline.vae.decoder = Hungry(
            model.pipeline.vae.decoder, lambda: decoded.append(1) or len(decoded) in range(2, 2 + together)
        )
        return model

    monkeypatch.setattr(Wanted, "load", hungry)
    words = ["batch", dataset, "--model", tiny_pipeline, "--out", tmp_path, "--size", "64x48", "--steps", "1"]
    words += ["--name", "run", "--workers", "0", "--together", together, "--first", "2", "--json"]
    assert main([*map(str, words)]) == 0
    printed = capsys.readouterr()
    notes = json.loads(printed.out)["notes"]
    assert notes and all("Memory ran out" in about["text"] for about in notes)
    assert f"all/run/{notes[0]['name']}: Memory ran out" in printed.err
    monkeypatch.undo()
    for path in tmp_path.rglob("*.png"):
        path.unlink()
    assert main([*map(str, words)]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == [], "painted again, with enough memory"


def test_what_is_under_way_when_it_is_stopped_is_open_again(batch, tmp_path, monkeypatch) -> None:
    from engine.batch import together

    real = together.TogetherWorker._check
    seen: list[int] = []

    def stop_in_the_second_call(self):
        seen.append(1)
        if len(seen) == 5:
            monkeypatch.setattr(self, "_stopped", lambda: True)
        real(self)

    monkeypatch.setattr(together.TogetherWorker, "_check", stop_in_the_second_call)
    batch(tmp_path, "--together", "4")
    with sqlite3.connect(tmp_path / FILE) as ledger:
        states = dict(ledger.execute("SELECT state, COUNT(*) FROM items GROUP BY state"))
    assert "claimed" not in states and states["open"] > 0
    monkeypatch.setattr(together.TogetherWorker, "_check", real)
    code, result = batch(tmp_path, "--together", "4")
    assert code == 0 and (result["done"], result["open"]) == (7, 0)


def test_fewer_than_one_together_is_refused(batch, tmp_path) -> None:
    code, result = batch(tmp_path, "--together", "0")
    assert code == 2 and result["error"]["field"] == "--together"
