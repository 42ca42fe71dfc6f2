"""The scripts that measure what this machine cannot, or not within a test: they run, and write what they promise."""

from __future__ import annotations

import csv
import json

import pytest

from benchmarks import gpu, growth


def test_the_gpu_script_measures_every_way_on_tiny_shapes(tmp_path, capsys) -> None:
    file = tmp_path / "gpu.json"
    words = "--tiny --device cpu --precision fp32 --layouts 2 --published 1 --together 2 --steps 1 --compile off --json"
    gpu.main([*words.split(), str(file)])
    (found,) = json.loads(file.read_text())["precisions"]
    assert found["matrix_tflops"] > 0 and found["tflop_per_call"] > 0
    for name in ("export", "export_compiled"):
        assert found[name]["times_the_published_loop"] > 0 and 0 < found[name]["share_of_matrix_rate"] < 1
    assert set(found["eight_objects"]) == {"published", "in_turn", "waves", "waves_compiled"}
    assert json.loads(capsys.readouterr().out) == json.loads(file.read_text())


@pytest.mark.parametrize(("what", "points"), [("objects", ("1", "3")), ("size", ("32", "64"))])
def test_growth_is_written_as_a_figure_and_a_table(tiny_pipeline, tmp_path, what, points) -> None:
    common = ["--out", str(tmp_path), "--model", str(tiny_pipeline), "--steps", "1", "--count", "1"]
    growth.main([what, *common, "--ways", "published,waves", "--points", *points])
    rows = list(csv.reader((tmp_path / f"{what}.csv").read_text().splitlines()))
    assert rows[0][1:] == ["published", "waves"] and len(rows) == 3
    assert all(float(cell) > 0 for row in rows[1:] for cell in row)
    assert (tmp_path / f"{what}.svg").read_text().startswith("<svg")


@pytest.mark.parametrize("together", ["1", "4"])
def test_the_memory_of_an_export_is_told_picture_by_picture(tmp_path, capsys, together) -> None:
    try:
        growth.main(["memory", "--out", str(tmp_path), "--layouts", "8", "--together", together])
    except SystemExit as error:
        assert "grew by more than" in str(error), "eight pictures prove nothing; the script has to say what it saw"
    assert "growth" in capsys.readouterr().out
    assert len((tmp_path / "memory.csv").read_text().splitlines()) == 9
