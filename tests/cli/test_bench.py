"""``boxpaint bench`` measures real painting; its figures are ratios within one run, never thresholds."""

from __future__ import annotations

import json

from desktop_app.__main__ import main
from engine.formats.registry import Entry, write


def test_every_way_is_measured_against_the_published_loop(two_objects, tiny_pipeline, tmp_path, capsys) -> None:
    file = tmp_path / "two.layout.json"
    write(file, [Entry("two", two_objects)], "boxpaint")
    arguments = [
        "bench",
        "--model",
        str(tiny_pipeline),
        "--layout",
        str(file),
        "--steps",
        "2",
        "--rounds",
        "1",
        "--json",
    ]
    assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["objects"] == 2 and report["machine"]
    published, *others = report["ways"]
    assert published["name"].startswith("published") and published["times_as_fast"] == 1.0
    for way in others:
        assert way["seconds"] > 0
        assert abs(way["times_as_fast"] - published["seconds"] / way["seconds"]) < 0.05 * way["times_as_fast"] + 0.02
