"""Blenders that crash, hang or lie are replaced or reported; what is finished stays, and a killed render goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image

from engine.clevr.blender.arrangement import arrange
from engine.clevr.blender.installation import find_blender
from engine.clevr.blender.look import RenderSettings
from engine.clevr.blender.pool import Finished, GivenUp, RenderPool
from engine.clevr.blender.records import RenderFolder, Shot
from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scene
from engine.errors import BoxpaintError
from tests.clevr import fake_blender
from tests.faults import name_of_a_dead_writer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Blender is a script")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def blender(tmp_path: Path):
    return find_blender(fake_blender.install(tmp_path / "bin"))


@pytest.fixture(scope="module")
def shots() -> list[Shot]:
    scenes = [sample_scene(rules_of("number_few", count=(1, 2)), 0, index) for index in range(6)]
    return [Shot(scene.name, "number", scene.layout) for scene in scenes]


@pytest.fixture
def folder(tmp_path: Path) -> RenderFolder:
    return RenderFolder(tmp_path / "out", RenderSettings())


def render(blender, folder: RenderFolder, shots: list[Shot], *, workers: int = 2, timeout: float = 30) -> list:
    outcomes: list = []
    pool = RenderPool(blender, folder, workers=workers, threads=1, timeout=timeout)
    pool.render(folder.pending(shots), lambda outcome: outcome and outcomes.append(outcome))
    return outcomes


def files(folder: RenderFolder) -> dict[str, bytes]:
    paths: Iterator[Path] = (path for path in folder.root.rglob("*") if path.is_file())
    return {str(path.relative_to(folder.root)): path.read_bytes() for path in paths}


def last_digit(shot: Shot) -> str:
    return str(arrange(shot.layout).seed)[-1]


def test_every_shot_becomes_a_picture_and_a_record(blender, folder, shots) -> None:
    outcomes = render(blender, folder, shots)
    assert {outcome.shot.name for outcome in outcomes} == {shot.name for shot in shots}
    for shot in shots:
        with Image.open(folder.picture(shot)) as picture:
            assert (picture.size, picture.mode, picture.info) == ((320, 320), "RGB", {})
        record = folder.read(shot)
        assert record["blender"] == "0.0"
        assert [entry["visible_pixels"] for entry in record["objects"]] == [16] * len(shot.layout.objects)
        assert sorted(record["depth_order"]) == list(range(len(shot.layout.objects)))
    assert folder.pending(shots) == []


@pytest.mark.parametrize("fault", ["crash", "torn", "black", "small", "error"])
def test_one_failure_is_tried_again_with_another_blender(blender, folder, shots, fault, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("BLENDER_FAULT", fault)
    monkeypatch.setenv("BLENDER_FAULT_ONCE", str(tmp_path / "once"))
    outcomes = render(blender, folder, shots[:3])
    assert (tmp_path / "once").exists()
    assert all(isinstance(outcome, Finished) for outcome in outcomes)
    assert folder.pending(shots[:3]) == []


def test_a_hanging_blender_is_killed_and_replaced(blender, folder, shots, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("BLENDER_FAULT", "hang")
    monkeypatch.setenv("BLENDER_FAULT_ONCE", str(tmp_path / "once"))
    outcomes = render(blender, folder, shots[:2], workers=1, timeout=5)
    assert [type(outcome) for outcome in outcomes] == [Finished, Finished]


def test_what_fails_always_is_given_up_and_the_rest_is_made(blender, folder, shots, monkeypatch) -> None:
    bad = shots[2]
    alike = [shot for shot in shots if last_digit(shot) == last_digit(bad)]
    monkeypatch.setenv("BLENDER_FAULT", "crash")
    monkeypatch.setenv("BLENDER_FAULT_SEED", last_digit(bad))
    outcomes = render(blender, folder, [bad, *(shot for shot in shots if shot not in alike)])
    (given_up,) = (outcome for outcome in outcomes if isinstance(outcome, GivenUp))
    assert given_up.shot is bad
    assert given_up.error.item == bad.name
    assert "signal 9" in given_up.error.message
    assert "kernel 7" in str(given_up.error)
    assert folder.pending(shots) == [*alike]
    monkeypatch.delenv("BLENDER_FAULT")
    assert [type(outcome) for outcome in render(blender, folder, shots)] == [Finished] * len(alike)


def test_a_scene_that_turns_out_to_be_impossible_is_given_up_alone(blender, folder, shots) -> None:
    item = shots[1].layout.objects[0]
    behind = replace(item, extra={**item.extra, "3d_coords": [20.0, -20.0, 0.5]})
    broken = replace(shots[1], layout=replace(shots[1].layout, objects=(behind,)))
    outcomes = render(blender, folder, [shots[0], broken, shots[2]], workers=1)
    assert [type(outcome) for outcome in outcomes] == [Finished, GivenUp, Finished]
    assert outcomes[1].error.item == f"{broken.name}, object 0"
    assert "behind the camera" in outcomes[1].error.message


def test_a_blender_that_never_works_ends_the_render_at_once(blender, folder, shots, monkeypatch) -> None:
    monkeypatch.setenv("BLENDER_FAULT", "no start")
    with pytest.raises(BoxpaintError) as caught:
        render(blender, folder, shots)
    assert "code 3" in caught.value.message
    assert "a library is missing" in str(caught.value)
    assert not list(folder.root.rglob("*.png"))


def test_failing_again_and_again_ends_the_render(blender, folder, shots, monkeypatch) -> None:
    monkeypatch.setenv("BLENDER_FAULT", "error")
    with pytest.raises(BoxpaintError, match="3 pictures one after the other") as caught:
        render(blender, folder, shots, workers=1)
    assert "the disk is full" in str(caught.value)


def test_a_file_that_cannot_be_written_ends_the_render_and_loses_nothing(blender, folder, shots) -> None:
    render(blender, folder, shots[:2])
    before = files(folder)
    folder.picture(shots[2]).mkdir()  # a folder is in the picture's way
    with pytest.raises(BoxpaintError) as caught:
        render(blender, folder, shots[3:4] + shots[2:3], workers=1)
    assert caught.value.kind == "output"
    assert before.items() <= files(folder).items()
    assert not list(folder.root.rglob("*.part"))


def test_scenes_that_hide_too_much_are_sampled_again(blender, folder, shots) -> None:
    # The stand-in shows 16 pixels of each object, in a small picture enough and in a large one not.
    shot, tried = shots[0], []

    def again(attempt: int):
        tried.append(attempt)
        return replace(shot.layout, width=64, height=64) if attempt == 3 else shot.layout

    rules = rules_of("number_few", visible_pixels=30, visible_share=0.001)
    (outcome,) = render(blender, folder, [replace(shot, rules=rules, again=again)])
    assert (outcome.attempt, tried) == (3, [1, 2, 3])
    assert folder.read(shot)["attempt"] == 3
    assert folder.read(shot)["too_hidden"] == []


def test_given_scenes_are_not_changed_but_told(blender, folder, shots) -> None:
    shot = replace(shots[0], rules=rules_of("number_few"))
    render(blender, folder, [shot])
    assert folder.read(shot)["too_hidden"] == list(range(len(shot.layout.objects)))


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.clevr.test_render_pool import *
folder = RenderFolder(Path(sys.argv[2]), RenderSettings())
scenes = [sample_scene(rules_of("number_few", count=(1, 2)), 0, index) for index in range(6)]
shots = [Shot(scene.name, "number", scene.layout) for scene in scenes]
done = []
def tell(outcome):
    done.append(outcome) if outcome else None
    if len(done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
pool = RenderPool(find_blender(Path(sys.argv[1])), folder, workers=2, threads=1, timeout=30)
pool.render(folder.pending(shots), tell)
"""


def test_a_killed_render_goes_on_and_ends_with_the_same_files(blender, folder, shots, tmp_path) -> None:
    killed = RenderFolder(tmp_path / "killed", folder.settings)
    command = [sys.executable, "-c", KILLED, str(blender.path), str(killed.root)]
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    (killed.root / "number" / "images" / name_of_a_dead_writer()).write_bytes(b"half a pict")
    left = killed.pending(shots)
    done = files(killed)
    assert 2 <= len(shots) - len(left) < len(shots)
    assert len(render(blender, killed, shots)) == len(left)
    render(blender, folder, shots)
    assert files(killed) == files(folder)
    assert done.items() <= files(killed).items()


def test_an_interrupted_render_ends_its_blenders(blender, folder, shots, monkeypatch) -> None:
    monkeypatch.setenv("BLENDER_FAULT", "hang")
    pool = RenderPool(blender, folder, workers=2, threads=1, timeout=600)
    before = psutil.Process().children()

    def interrupt(outcome) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pool.render(folder.pending(shots), interrupt)
    assert pool._running == set()
    assert [child for child in psutil.Process().children() if child not in before] == [], "not even as zombies"
