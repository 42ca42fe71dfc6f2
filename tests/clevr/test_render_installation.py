"""Blender is found where it is named, set up or installed; setting it up touches no folder of somebody else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.clevr.blender.installation import PYTHON, VARIABLE, default_environment, find_blender, set_up
from engine.clevr.blender.process import PROGRAM
from engine.errors import BoxpaintError
from tests.clevr import fake_blender

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Blender is a script")


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without Blender."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def test_without_blender_the_error_says_what_to_do() -> None:
    with pytest.raises(BoxpaintError) as caught:
        find_blender()
    assert caught.value.kind == "blender"
    assert "--setup" in (caught.value.hint or "")
    assert "--blender" in (caught.value.hint or "")


def test_an_installed_blender_is_started_in_the_background(tmp_path) -> None:
    path = fake_blender.install(tmp_path / "bin")
    blender = find_blender()
    assert blender.path == path
    command = blender.command()
    assert command[:2] == [str(path), "--background"]
    assert command[-2:] == ["--python", str(PROGRAM)]


def test_a_named_blender_goes_before_the_variable_and_that_before_an_installed_one(tmp_path, monkeypatch) -> None:
    fake_blender.install(tmp_path / "bin")
    named, variable = (fake_blender.install(tmp_path / name) for name in ("named", "variable"))
    monkeypatch.setenv(VARIABLE, str(variable))
    assert find_blender(named).path == named
    assert find_blender(named.parent).path == named
    assert find_blender().path == variable
    monkeypatch.delenv(VARIABLE)
    assert find_blender(Path("blender")).path == tmp_path / "bin" / "blender"


def test_a_python_is_started_with_the_program_and_without_other_packages() -> None:
    blender = find_blender(Path(sys.executable))
    assert blender.is_python
    assert blender.command() == [sys.executable, "-I", str(PROGRAM)]


def test_a_wrong_path_is_named(tmp_path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(BoxpaintError) as caught:
            find_blender(path)
        assert caught.value.file == str(path)


def test_an_unfinished_environment_is_no_blender(tmp_path) -> None:
    python = default_environment() / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    with pytest.raises(BoxpaintError, match="not found"):
        find_blender()
    (default_environment() / "boxpaint-blender.json").write_text("{}")
    assert find_blender().path == python


def test_a_folder_of_somebody_else_is_not_used(tmp_path) -> None:
    mine = tmp_path / "thesis" / "chapter.txt"
    mine.parent.mkdir()
    mine.write_text("text")
    with pytest.raises(BoxpaintError, match="something else"):
        set_up(mine.parent, python=_fake_python(tmp_path, "3.11"), tell=str)
    assert mine.read_text() == "text"


def test_another_python_is_refused(tmp_path) -> None:
    with pytest.raises(BoxpaintError, match=r"3\.9") as caught:
        set_up(tmp_path / "new", python=_fake_python(tmp_path, "3.9"), tell=str)
    assert "Install Python 3.11" in (caught.value.hint or "")
    with pytest.raises(BoxpaintError, match="no Python"):
        set_up(tmp_path / "new", python=tmp_path / "missing", tell=str)
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(sys.version_info[:2] != PYTHON, reason="needs the Python that Blender needs")
def test_a_package_that_cannot_be_had_is_told_and_the_next_try_starts_anew(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    environment = tmp_path / "new"
    told: list[str] = []
    with pytest.raises(BoxpaintError) as caught:
        set_up(environment, tell=told.append)
    assert "bpy" in caught.value.message
    assert "--index" in (caught.value.hint or "")
    assert str(environment) in told[0]
    with pytest.raises(BoxpaintError, match="not found"):
        find_blender(environment=environment)
    leftover = environment / "half"
    leftover.touch()
    with pytest.raises(BoxpaintError, match="no Python"):
        # What the interrupted try left is ours, and does not stand in the way.
        set_up(environment, python=tmp_path / "missing", tell=str)
    with pytest.raises(BoxpaintError, match="could not be made"):
        set_up(environment, python=_fake_python(tmp_path, "3.11"), tell=str)
    assert not leftover.exists()


def _fake_python(folder: Path, version: str) -> Path:
    """A program that calls itself this version, and can do nothing else."""
    path = folder / f"python-{version}"
    path.write_text(f'#!/bin/sh\n[ "$1" = -c ] && echo {version} && exit 0\nexit 1\n')
    path.chmod(0o755)
    return path
