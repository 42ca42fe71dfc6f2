"""``boxpaint generate`` and ``models list`` as a person types them: real processes, real files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.__main__ import main


def boxpaint(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop_app", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def options(tiny_pipeline: Path, out: Path) -> list[object]:
    return ["--model", tiny_pipeline, "--out", out, "--size", "64x48", "--steps", "2"]


def test_generate_tells_every_step_with_its_files_and_times(layout_file, tiny_pipeline, tmp_path) -> None:
    done = boxpaint("generate", layout_file, *options(tiny_pipeline, tmp_path / "out"), "--json", "--contact-sheet")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert [step["kind"] for step in result["steps"]] == ["foreground", "foreground", "background"]
    assert [step["prompt"] for step in result["steps"]] == [
        "Add red metal cube",
        "Add blue rubber sphere",
        "Add gray background",
    ]
    for step in result["steps"]:
        assert step["seconds"] > 0 and isinstance(step["seed"], int)
        for kind in ("context", "mask", "raw", "composite"):
            assert Image.open(step[kind]).size == (64, 48)
    assert Image.open(result["picture"]).size == (64, 48)
    assert (Path(result["run"]) / "contact_sheet.png").is_file()
    assert "step 2/3" in done.stderr and "left" in done.stderr


def test_every_layout_of_a_file_is_painted_and_nothing_is_overwritten(tiny_pipeline, tmp_path) -> None:
    scenes = [
        {"image_index": index, "image_filename": f"scene_{index}.png", "split": "clevr", "objects": objects}
        for index, objects in enumerate(([], [_clevr_object([10, 20, 60, 70])]))
    ]
    file = tmp_path / "scenes.json"
    file.write_text(json.dumps({"info": {}, "scenes": scenes}))
    arguments = ["generate", file, *options(tiny_pipeline, tmp_path / "out"), "--json"]
    (first, second) = json.loads(boxpaint(*arguments).stdout)
    assert (len(first["steps"]), len(second["steps"])) == (1, 2)
    before = Path(first["picture"]).read_bytes()
    (again, _) = json.loads(boxpaint(*arguments).stdout)
    assert again["run"] != first["run"] and Path(first["picture"]).read_bytes() == before
    assert Image.open(again["picture"]).tobytes() == Image.open(first["picture"]).tobytes()


def _clevr_object(box: list[int]) -> dict[str, object]:
    return {"shape": "cube", "size": "large", "material": "metal", "color": "red", "bbox": box}


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process")
def test_ctrl_c_cancels_and_keeps_the_finished_steps(layout_file, tiny_pipeline, tmp_path) -> None:
    command = [sys.executable, "-m", "desktop_app", "generate", str(layout_file)]
    command += [*map(str, options(tiny_pipeline, tmp_path / "out")), "--steps", "400", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if "step 1/3" in line:
                os.kill(process.pid, signal.SIGINT)
        result = json.loads(process.stdout.read())
    assert process.returncode == 130
    assert result["state"] == "cancelled" and len(result["steps"]) == 1 and result["picture"] is None


BAD = [
    ("{", "valid JSON"),
    ("[]", "layout"),
    ('[{"x": 1, "y": 1, "width": -5, "height": 5, "label": "red metal cube"}]', "width"),
    ('[{"x": NaN, "y": 1, "width": 5, "height": 5, "label": "red metal cube"}]', "x"),
    ('[{"x": "1", "y": 1, "width": 5, "height": 5, "label": "red metal cube"}]', "x"),
    ('[{"x": 900, "y": 1, "width": 5, "height": 5, "label": "red metal cube"}]', "object 0"),
    (
        '{"schema_version": 1, "width": 64, "height": 64, "objects": [{"id": "a", "prompt": "", "box": [0, 0, 1, 1]}]}',
        "prompt",
    ),
]


@pytest.mark.parametrize(("content", "named"), BAD)
def test_a_bad_layout_is_one_sentence_and_exit_code_2(content, named, tiny_pipeline, tmp_path, capsys) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content)
    out = tmp_path / "out"
    code = main([*map(str, ["generate", file, *options(tiny_pipeline, out), "--json"])])
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert code == 2
    assert error["file"] == str(file) and named in json.dumps(error), error
    assert printed.err.count("\n") == 1 and "Traceback" not in printed.err
    assert not out.exists(), "nothing is written before the input is known to be good"


def test_bad_options_models_and_folders_are_told_before_any_time_is_spent(
    layout_file, tiny_pipeline, tmp_path, unwritable, capsys
) -> None:
    def error(*arguments: object) -> dict[str, str]:
        assert main([*map(str, arguments), "--json"]) == 2
        return json.loads(capsys.readouterr().out)["error"]

    start = ("generate", layout_file, "--out", tmp_path / "out")
    assert error("generate", tmp_path / "none.json", "--out", tmp_path / "out", "--model", tiny_pipeline)["file"]
    assert "no model" in error(*start, "--model", "no-such-model")["message"]
    assert "model_index.json" in error(*start, "--model", tmp_path)["message"]
    assert error(*start, "--model", tiny_pipeline, "--size", "63x48")["field"] == "width"
    assert error(*start, "--model", tiny_pipeline, "--size", "big")["field"] == "--size"
    assert error(*start, "--model", tiny_pipeline, "--steps", "0")["field"] == "steps"
    assert "invalid choice" in error(*start, "--order", "sideways")["message"]
    reference = (*start, "--model", tiny_pipeline, "--pixels", "reference", "--area", "zoom")
    assert error(*reference)["field"] == "area"
    written = error("generate", layout_file, "--model", tiny_pipeline, "--size", "64x48", "--out", unwritable)
    assert (written["kind"], written["file"]) == ("output", str(unwritable))


def test_objects_that_are_not_found_are_painted_again(layout_file, tiny_pipeline, tmp_path) -> None:
    looking = ["--detector", "clevr-mini-detector", "--retry", "2", "--previews", "--json"]
    done = boxpaint("generate", layout_file, *options(tiny_pipeline, tmp_path / "out"), *looking)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    # The tiny model paints noise, in which no detector finds a cube.
    assert [step["attempts"] for step in result["steps"]] == [2, 2, 1]
    assert "in 2 attempts" in done.stderr
    for step in result["steps"]:
        assert step["detections"] and set(step["detections"][0]) == {"box", "label", "score"}
    assert len(list(Path(result["run"]).glob("step_*_previews.png"))) >= 1


def test_retries_and_detectors_that_cannot_be_are_told_at_once(layout_file, tiny_pipeline, tmp_path, capsys) -> None:
    def error(*arguments: object) -> dict[str, str]:
        start = ("generate", layout_file, *options(tiny_pipeline, tmp_path / "out"))
        assert main([*map(str, (*start, *arguments)), "--json"]) == 2
        return json.loads(capsys.readouterr().out)["error"]

    assert "no detector 'eye'" in error("--detector", "eye")["message"]
    assert error("--retry", "1")["field"] == "attempts"
    assert "whole number" in error("--retry", "often")["message"]
    assert error("--retry", "3", "--detector", "none")["field"] == "detector"
    assert error("--retry", "3", "--pixels", "reference")["field"] == "retry"
    assert not (tmp_path / "out").exists()


def test_models_list_tells_path_size_and_licence(capsys) -> None:
    assert main(["models", "list", "--json"]) == 0
    models = json.loads(capsys.readouterr().out)["models"]
    for model in models:
        assert model["kind"] in ("pipeline", "detector") and Path(model["path"]).is_dir() == model["installed"]
        assert not model["installed"] or (model["bytes"] > 0 and model["licence"])
    kinds = {model["name"]: model["kind"] for model in models}
    assert kinds["clevr-mini"] == "pipeline" and kinds["clevr-mini-detector"] == "detector"


def test_version_names_what_a_bug_report_needs() -> None:
    done = boxpaint("--version")
    assert done.returncode == 0 and "torch" in done.stdout and "Python" in done.stdout
