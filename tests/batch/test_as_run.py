"""A picture of an export as a run: its steps are whole, and the request is what painted it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from engine.batch.as_run import as_run, layout_of
from engine.batch.items import make_items, make_runs
from engine.batch.ledger import DATASET, Ledger
from engine.batch.overview import read_overview
from engine.errors import BoxpaintError
from engine.events import DetectionsReady, RunFinished, StepFinished
from engine.formats.boxpaint_png import png_info
from engine.formats.registry import Entry, read, write
from engine.inpainting.seeds import derived_seed
from engine.inpainting.settings import GenerationSettings
from engine.runs.saved import read_run

SIZE = (64, 48)


def make_export(folder: Path, layout, ending: str) -> Path:
    """An export of one picture with two steps, as ``boxpaint batch --iterations`` leaves it."""
    file = folder / "layouts.json"
    write(file, [Entry("one", replace(layout, extra={"file_name": f"one.{ending}"}), "few")], "layoutbench-coco")
    out = folder / "out"
    out.mkdir()
    runs = make_runs("run", GenerationSettings(seed=5, steps=3), {})
    (item,) = make_items([replace(read(file).entries[0], layout=layout)], runs)
    item = replace(item, file_name=f"one.{ending}")
    ledger = Ledger(out)
    model = {"name": "gone", "folder": str(folder / "gone"), "fingerprint": "f"}
    ledger.plan([item], {"run": runs[0].settings.to_dict()}, model, retry=False)
    ledger.set_fact(DATASET, str(file))
    identity, _ = ledger.claim()
    picture = out / item.folder / item.file_name
    picture.parent.mkdir(parents=True)
    info = {"pnginfo": png_info(item.layout, item.settings.to_dict())} if ending == "png" else {}
    Image.new("RGB", SIZE, (200, 10, 10)).save(picture, **info)
    steps = out / f"{item.folder}_iter" / "one"
    steps.mkdir(parents=True)
    for number, name in enumerate(("a", None)):
        for kind, mode in (("context", "RGB"), ("mask", "L"), ("generated", "RGB")):
            Image.new(mode, SIZE, 90 * (number + 1)).save(steps / f"{number}_{kind}.png")
        record = {"index": number, "kind": "foreground" if name else "background", "object": name, "prompt": "p"}
        (steps / "steps.json").write_text(
            json.dumps([record, {**record, "index": 1, "object": None, "kind": "background"}])
        ) if not number else None
    ledger.announce(identity, f"{item.folder}/{item.file_name}", picture.read_bytes(), 1.0)
    ledger.finish(identity)
    ledger.close()
    return out


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_its_steps_and_its_request(two_objects, tmp_path, ending) -> None:
    overview = read_overview(make_export(tmp_path, two_objects, ending))
    (picture,) = overview.pictures
    found = [{"label": "red metal cube", "score": 0.9, "box": [0.1, 0.1, 0.4, 0.6]}]
    folder = as_run(overview, picture, tmp_path / "runs", detections=found, detector="tiny")
    saved = read_run(folder)
    assert saved.problems == () and [item.prompt for item in saved.layout.objects] == [
        item.prompt for item in two_objects.objects
    ]
    assert saved.request.settings.seed == derived_seed(5, "layout/few/one") and saved.request.settings.steps == 3
    assert saved.request.model == str(tmp_path / "gone"), "a model that has no such name is asked for by its folder"
    finished = [event for event in saved.events if isinstance(event, StepFinished)]
    assert len(finished) == 2 and isinstance(saved.events[-1], RunFinished)
    after_first = Image.open(finished[0].frames.composite).getpixel((0, 0))
    assert after_first == Image.open(finished[1].frames.context).getpixel((0, 0)), "what the next step saw"
    assert Image.open(finished[1].frames.composite).getpixel((0, 0))[0] == pytest.approx(200, abs=3)
    (looked,) = [event for event in saved.events if isinstance(event, DetectionsReady)]
    assert looked.index == 1 and looked.detections[0].score == 0.9
    before = (folder / "run.json").stat().st_mtime_ns
    assert as_run(overview, picture, tmp_path / "runs") == folder
    assert (folder / "run.json").stat().st_mtime_ns == before, "it is made once"


def test_what_is_missing_is_named(two_objects, tmp_path) -> None:
    out = make_export(tmp_path, two_objects, "jpg")
    overview = read_overview(out)
    (picture,) = overview.pictures
    step = out / "few" / "run_iter" / "one" / "1_mask.png"
    step.unlink()
    with pytest.raises(BoxpaintError) as caught:
        as_run(overview, picture, tmp_path / "runs")
    assert caught.value.file == str(step)
    (tmp_path / "layouts.json").unlink()
    with pytest.raises(BoxpaintError) as caught:
        layout_of(overview, picture)
    assert caught.value.file == str(tmp_path / "layouts.json")
    with pytest.raises(BoxpaintError, match="does not say where"):
        layout_of(replace(overview, dataset=None), picture)
    (out / picture.path).unlink()
    with pytest.raises(BoxpaintError, match="the picture is missing"):
        as_run(overview, picture, tmp_path / "runs")
