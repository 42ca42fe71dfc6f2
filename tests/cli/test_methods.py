"""``boxpaint methods``, and ``--method`` where it does not fit the model."""

from __future__ import annotations

import json

from desktop_app.cli import run


def test_every_method_is_listed_with_its_frames(capsys):
    assert run(["methods", "--json"]) == 0
    methods = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)["methods"]}
    assert {"iterinpaint", "iterinpaint-parallel", "reco", "ldm", "text-only"} <= methods.keys()
    assert methods["reco"]["frames"] == ["preview", "composite"]
    assert run(["methods"]) == 0
    assert "iterinpaint-parallel" in capsys.readouterr().out


def test_a_method_that_does_not_fit_the_model_is_refused_before_anything_is_painted(capsys, layout_file, tmp_path):
    out = tmp_path / "out"
    assert run(["generate", str(layout_file), "--out", str(out), "--method", "reco"]) == 2
    assert "reco" in capsys.readouterr().err and not out.exists()


def test_an_unknown_method_lists_what_there_is(capsys, layout_file, tmp_path):
    assert run(["generate", str(layout_file), "--out", str(tmp_path), "--method", "magic"]) == 2
    assert "iterinpaint-parallel" in capsys.readouterr().err


def test_all_objects_can_be_painted_in_one_mask(capsys, layout_file, tiny_pipeline, tmp_path):
    words = ["--model", str(tiny_pipeline), "--steps", "1", "--method", "iterinpaint-parallel", "--json"]
    assert run(["generate", str(layout_file), "--out", str(tmp_path), *words]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [step["kind"] for step in steps] == ["foreground", "background"]
