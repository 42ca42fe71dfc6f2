"""``boxpaint bench`` measures real painting; its figures are ratios within one run, never thresholds."""

from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_app.__main__ import main
from engine.batch.published_loop import paint_as_published
from engine.formats.registry import Entry, write
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.loading import load_pipeline


@pytest.fixture
def bench(two_objects, tiny_pipeline, tmp_path):
    file = tmp_path / "two.layout.json"
    write(file, [Entry("two", two_objects)], "boxpaint")
    return lambda *more: main(["bench", "--model", str(tiny_pipeline), "--layout", str(file), "--short", *more])


def test_every_way_is_measured_against_the_published_loop(bench, tmp_path, capsys) -> None:
    assert bench("--json", "--out", str(tmp_path / "figures.json"), "--way", "unipc2:scheduler=unipc,steps=2") == 0
    report = json.loads(capsys.readouterr().out)
    assert json.loads((tmp_path / "figures.json").read_text()) == report
    assert (report["layouts"], report["objects"], report["rounds"]) == (1, 2, 1) and report["machine"]
    assert [way["name"] for way in report["ways"]] == ["published", "full", "zoom", "waves", "fast", "unipc2"]
    published, *others = report["ways"]
    assert published["times_as_fast"] == 1.0 and published["steps"] == 2
    for way in report["ways"]:
        assert way["seconds_per_picture"] > 0 and 0 <= way["AP"] <= 1
    for way in others:
        ratio = published["seconds_per_picture"] / way["seconds_per_picture"]
        assert abs(way["times_as_fast"] - ratio) < 0.05 * ratio + 0.02


def test_sampled_layouts_get_the_difference_in_ap_with_its_range(bench, capsys) -> None:
    assert bench("--count", "2", "--ways", "zoom,waves", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    first, second = report["ways"]
    assert report["layouts"] == 2 and "difference" not in first
    assert second["difference"]["low"] <= second["difference"]["value"] <= second["difference"]["high"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["--ways", "slow"], "--ways"),
        (["--ways", ""], "--ways"),
        (["--way", "a:steps"], "--way"),
        (["--way", "a:speed=9"], "speed"),
        (["--fast", "steps=0"], "steps"),
        (["--count", "0"], "--count"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_name(bench, capsys, arguments, field) -> None:
    # --short would take the place of --fast.
    short = [] if "--fast" in arguments else ["--json"]
    code = bench(*short, *arguments) if short else main(["bench", "--json", *arguments])
    assert code == 2
    assert json.loads(capsys.readouterr().out)["error"]["field"] == field


def test_the_published_loop_is_what_pixel_mode_reference_reproduces(tiny_pipeline, two_objects) -> None:
    """Two independent writings of the procedure: what ``bench`` compares with is no straw man."""
    model = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")
    settings = GenerationSettings(
        steps=2, width=64, height=48, pixels="reference", guidance=4.0, seed=7, previews=False
    )
    plan = make_plan(two_objects, settings, model.card)
    *_, last = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None).paint()
    published = paint_as_published(
        model.pipeline, two_objects, model.card, size=(64, 48), seed=7, steps=2, guidance=4.0
    )
    assert np.array_equal(np.asarray(published), np.asarray(last.composite))
