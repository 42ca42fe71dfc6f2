"""Exports with a tiny real pipeline: files, resuming after kills, failures, workers."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from desktop_app.__main__ import main
from engine.batch.ledger import FILE, Ledger
from engine.formats.registry import read_entry

CLEVR = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    """Six layouts of one to three objects in two splits, named as LayoutBench names its pictures."""
    scenes = json.loads(CLEVR.read_text())["scenes"][:6]
    for number, scene in enumerate(scenes):
        split = ("number_few", "size_tiny")[number % 2]
        scene |= {"split": split, "image_index": number, "image_filename": f"LayoutBench_val_{split}_{number:06d}.png"}
        scene["objects"] = scene["objects"][: number % 3 + 1]
    file = tmp_path_factory.mktemp("layouts") / "scenes.json"
    file.write_text(json.dumps({"info": {}, "scenes": scenes}))
    return file


def arguments(dataset: Path, pipeline: Path, out: Path, *more: object) -> list[str]:
    common = ["batch", dataset, "--model", pipeline, "--out", out, "--size", "64x48", "--steps", "2", "--name", "run"]
    return [*map(str, (*common, "--workers", "0", *more)), "--json"]


@pytest.fixture
def batch(dataset, tiny_pipeline, capsys):
    """Runs the command in this process; its exit code and document."""

    def call(out: Path, *more: object) -> tuple[int, Any]:
        code = main(arguments(dataset, tiny_pipeline, out, *more))
        printed = capsys.readouterr()
        return code, json.loads(printed.out)

    return call


def workers_of(export: subprocess.Popen) -> list[psutil.Process]:
    """The processes that paint for an export."""
    return [child for child in psutil.Process(export.pid).children() if "spawn_main" in " ".join(child.cmdline())]


def pictures(out: Path) -> dict[str, str]:
    """Every file of an export but its state, with a hash of its content."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(FILE)
    }


@pytest.fixture(scope="module")
def undisturbed(dataset, tiny_pipeline, tmp_path_factory) -> dict[str, str]:
    """The files of an export that nothing interrupted."""
    out = tmp_path_factory.mktemp("undisturbed")
    assert main(arguments(dataset, tiny_pipeline, out)) == 0
    return pictures(out)


def test_the_published_folders_hold_pictures_crops_overlays_and_steps(batch, tmp_path) -> None:
    code, data = batch(tmp_path, "--crops", "--overlays", "--iterations", "--objects", "3")
    assert code == 0 and (data["done"], data["pictures"], data["failed"]) == (2, 2, [])
    stem = "LayoutBench_val_number_few_000002"
    folder = tmp_path / "number_few"
    assert Image.open(folder / "run" / f"{stem}.png").size == (64, 48)
    assert Image.open(folder / "run_bbox_viz" / f"{stem}.png").size == (64, 48)
    prompts = (folder / "run_iter" / stem / "prompts.txt").read_text().splitlines()
    assert len(prompts) == 4 and prompts[-1] == "Add gray background"
    for kind in ("context", "mask", "generated"):
        assert Image.open(folder / "run_iter" / stem / f"3_{kind}.png").size == (64, 48)
    assert all(path.name.startswith(f"{stem}_") for path in (folder / "run_boxes").iterdir())


def test_a_picture_carries_its_layout_and_is_painted_alike_alone(batch, undisturbed, tmp_path, tiny_pipeline) -> None:
    code, _ = batch(tmp_path, "--label", "cube", "--sample", "1")
    (name, digest), *_ = pictures(tmp_path).items()
    assert code == 0 and undisturbed[name] == digest
    carried = read_entry(tmp_path / name)
    assert carried.layout.objects and carried.name == Path(name).stem


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_at_any_moment_it_goes_on_and_ends_with_the_same_pictures(
    batch, dataset, tiny_pipeline, undisturbed, tmp_path
) -> None:
    command = [sys.executable, "-m", "desktop_app", *arguments(dataset, tiny_pipeline, tmp_path)]
    moments = random.Random(4)
    for wanted in (1, 3):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and len(pictures(tmp_path)) < wanted:
                time.sleep(0.01)
            time.sleep(moments.random() * 0.1)
            os.kill(process.pid, signal.SIGKILL)
    finished = [name for name in pictures(tmp_path) if not Path(name).name.startswith(".")]
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in finished}
    assert 0 < len(before) < 6
    code, result = batch(tmp_path)
    assert code == 0 and (result["done"], result["open"]) == (6, 0)
    assert pictures(tmp_path) == undisturbed
    assert all((tmp_path / name).stat().st_mtime_ns == moment for name, moment in before.items()), "painted twice"


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process")
def test_workers_share_the_work_end_with_ctrl_c_and_paint_the_same(
    batch, dataset, tiny_pipeline, undisturbed, tmp_path
) -> None:
    command = [sys.executable, "-m", "desktop_app", *arguments(dataset, tiny_pipeline, tmp_path, "--workers", "2")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        while process.poll() is None and not pictures(tmp_path):
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        result = json.loads(process.stdout.read())
    assert process.returncode == 130 and result["state"] == "cancelled"
    assert batch(tmp_path)[0] == 0
    assert pictures(tmp_path) == undisturbed


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_worker_that_dies_before_it_has_an_item_is_replaced(dataset, tiny_pipeline, undisturbed, tmp_path) -> None:
    command = [sys.executable, "-m", "desktop_app", *arguments(dataset, tiny_pipeline, tmp_path, "--workers", "2")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        workers: list[psutil.Process] = []
        while process.poll() is None and not workers:
            workers = workers_of(process)
        workers[0].kill()
        result = json.loads(process.stdout.read())
    assert process.returncode == 0 and (result["done"], result["failed"]) == (6, [])
    assert pictures(tmp_path) == undisturbed


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_worker_that_dies_is_replaced_and_its_item_painted(dataset, tiny_pipeline, undisturbed, tmp_path) -> None:
    command = [sys.executable, "-m", "desktop_app", *arguments(dataset, tiny_pipeline, tmp_path, "--workers", "2")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        while process.poll() is None and not pictures(tmp_path):
            time.sleep(0.01)
        workers_of(process)[0].kill()
        result = json.loads(process.stdout.read())
    assert process.returncode == 0 and (result["done"], result["failed"]) == (6, [])
    assert pictures(tmp_path) == undisturbed


def test_a_blank_picture_fails_and_can_be_tried_again(batch, dataset, tiny_pipeline, tmp_path, capsys) -> None:
    import safetensors.torch

    blank = tmp_path / "blank"
    shutil.copytree(tiny_pipeline, blank)
    weights = blank / "vae" / "diffusion_pytorch_model.safetensors"
    tensors = safetensors.torch.load_file(weights)
    for name in ("decoder.conv_out.weight", "decoder.conv_out.bias"):
        tensors[name].zero_()
    safetensors.torch.save_file(tensors, weights)
    out = tmp_path / "out"
    code = main(arguments(dataset, blank, out, "--first", "1"))
    result = json.loads(capsys.readouterr().out)
    assert code == 3 and len(result["failed"]) == 2 and "one colour" in result["failed"][0]["message"]
    assert pictures(out) == {}
    code, result = batch(out, "--first", "1")
    assert code == 3 and len(result["failed"]) == 2, "failed ones are left until they are asked for"
    code, result = batch(out, "--first", "1", "--retry-failed")
    assert code == 0 and result["done"] == 2


def test_a_broken_layout_fails_alone(tiny_pipeline, tmp_path, capsys) -> None:
    scene = {"caption": "", "box_captions": ["red metal cube"], "boxes_normalized": [[0.1, 0.1, 0.6, 0.6]]}
    file = tmp_path / "all_layouts.json"
    file.write_text(json.dumps([scene | {"id": 1}, scene | {"id": 2, "box_captions": [" "]}, scene | {"id": 3}]))
    code = main(arguments(file, tiny_pipeline, tmp_path / "out"))
    result = json.loads(capsys.readouterr().out)
    assert code == 3 and result["done"] == 2
    assert result["failed"][0]["name"] == "2" and result["failed"][0]["field"] == "prompt"


def test_pictures_that_were_deleted_are_painted_again_and_others_are_not(batch, undisturbed, tmp_path) -> None:
    assert batch(tmp_path)[0] == 0
    name = next(iter(undisturbed))
    (tmp_path / name).unlink()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    code, result = batch(tmp_path)
    assert code == 0 and result["done"] == 6 and pictures(tmp_path) == undisturbed
    assert all(path.stat().st_mtime_ns == moment for path, moment in before.items())


def test_wrong_usage_and_bad_folders_are_told_before_painting(batch, tmp_path, unwritable) -> None:
    for more, field in (
        (("--split", "none"), "split"),
        (("--objects", "99"), None),
        (("--first", "0"), "--first"),
        (("--workers", "-1"), "--workers"),
        (("--min-free", "0"), "--min-free"),
        (("--sweep", "steps"), "--sweep"),
        (("--sweep", "speed=1"), "--sweep"),
        (("--name", "a/b"), "--name"),
        (("--size", "63x48"), "width"),
        (("--model", "none"), "model"),
    ):
        code, data = batch(tmp_path / "out", *more)
        assert code == 2 and data["error"]["field"] == field, (more, data)
    assert not (tmp_path / "out").exists()
    code, data = batch(unwritable)
    assert code == 2 and data["error"]["kind"] == "output"
    assert batch(tmp_path / "out", "--first", "1")[0] == 0
    code, data = batch(tmp_path / "out", "--first", "1", "--seed", "5")
    assert code == 2 and "--name" in data["error"]["hint"]


def test_a_sweep_paints_each_setting_into_its_own_folder(batch, tmp_path) -> None:
    code, data = batch(tmp_path, "--first", "1", "--split", "size_tiny", "--sweep", "steps=1,2")
    assert code == 0 and data["done"] == 2
    assert {path.parent.name for path in tmp_path.rglob("*.png")} == {"run_steps-1", "run_steps-2"}
    ledger = Ledger(tmp_path)
    assert {name: run["settings"]["steps"] for name, run in ledger.runs().items()} == {
        "run_steps-1": 1,
        "run_steps-2": 2,
    }
    ledger.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process")
def test_a_disk_that_is_nearly_full_pauses_the_export(dataset, tiny_pipeline, tmp_path) -> None:
    more = ("--min-free", str(2**40))
    command = [sys.executable, "-m", "desktop_app", *arguments(dataset, tiny_pipeline, tmp_path, *more)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if "paused" in line:
                os.kill(process.pid, signal.SIGINT)
        result = json.loads(process.stdout.read())
    assert process.returncode == 130 and result["done"] == 0 and result["open"] == 6
