"""What the command line prints: nothing that a terminal obeys, in any encoding, and no traceback where it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli import run
from desktop_app.commands.output import print_line
from desktop_app.exit_codes import BAD_INPUT, READER_GONE
from engine.formats.boxpaint_layout import BoxpaintLayout
from engine.formats.dataset import Dataset, Entry
from engine.layout import Box, Layout, LayoutObject

ESCAPES = "\x1b]0;title\x07\x9b31m\u202eé\u2028"
SHOWN = r"\u001b]0;title\u0007\u009b31m\u202e"


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "a.layout.json"
    layout = Layout(64, 64, (LayoutObject("a", ESCAPES, Box(0, 0, 1, 1)),))
    BoxpaintLayout().write(path, Dataset((Entry("a", layout),), "boxpaint"))
    return path


def inspect(*words: Any, encoding: str = "utf-8", **streams: Any) -> subprocess.CompletedProcess[bytes]:
    known = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    command = [sys.executable, "-m", "desktop_app", "inspect", *words]
    return subprocess.run(command, env=os.environ | {"PYTHONIOENCODING": encoding}, check=False, **known)


@pytest.mark.parametrize(("encoding", "accented"), [("utf-8", "é"), ("ascii", r"\u00e9")])
def test_a_terminal_is_told_nothing_by_what_is_in_a_file(layout, encoding, accented) -> None:
    text = inspect(layout, encoding=encoding)
    assert text.returncode == 0 and text.stderr == b""
    assert f"{SHOWN}{accented}\\u2028" in text.stdout.decode(encoding)
    document = inspect(layout, "--json", encoding=encoding).stdout.decode(encoding)
    assert SHOWN in document and document.count("\n") == 1
    assert list(json.loads(document)["statistics"]["labels"]) == [ESCAPES]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux")
def test_names_that_are_no_text_or_commands_are_printed_as_text(layout) -> None:
    odd = os.fsdecode(os.fsencode(layout.parent) + b"/\xff\x1b[31m.json")
    layout.rename(odd)
    told = inspect(odd)
    assert told.returncode == 0 and rb"\udcff\u001b[31m.json" in told.stdout
    assert json.loads(inspect(odd, "--json").stdout)["file"] == odd
    told = inspect(odd + "x")
    assert told.returncode == BAD_INPUT and rb"\udcff\u001b[31m.jsonx" in told.stderr and b"\x1b" not in told.stderr


def test_spaces_and_letters_of_any_language_stay(capsys) -> None:
    print_line("a\tb\u00a0c\u3000d\n中文 ü")
    assert capsys.readouterr().out == "a\tb\u00a0c\u3000d\n中文 ü\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and descriptors of POSIX")
def test_a_reader_that_has_gone_ends_the_command_in_silence(layout) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        told = inspect(layout, stdout=writing)
        assert (told.returncode, told.stderr) == (READER_GONE, b"")
        told = inspect(layout.parent / "none", stderr=writing)
        assert (told.returncode, told.stdout) == (BAD_INPUT, b"")
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_output_is_told(layout) -> None:
    with Path("/dev/full").open("wb") as full:
        told = inspect(layout, stdout=full)
        assert told.returncode == BAD_INPUT
        assert told.stderr.decode().startswith("boxpaint: stdout: the result cannot be written")
        assert len(told.stderr.splitlines()) == 1
        assert inspect(layout.parent / "none", stderr=full).returncode == BAD_INPUT
        told = inspect(layout.parent / "none", "--json", stdout=full)
        assert told.returncode == BAD_INPUT and b"Traceback" not in told.stderr and b"no such file" in told.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="shells of POSIX")
@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0)])
def test_closed_streams_are_written_to_by_nobody(layout, closed, code) -> None:
    command = f'"$0" -m desktop_app inspect "$1" {closed}'
    told = subprocess.run(["sh", "-c", command, sys.executable, layout], capture_output=True, check=False)
    assert (told.returncode, told.stderr) == (code, b"")


def test_help_fits_every_encoding() -> None:
    told = inspect("--help", encoding="ascii")
    assert told.returncode == 0 and told.stdout.startswith(b"usage: ") and told.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="names of POSIX")
def test_a_name_that_no_system_takes_is_told_wherever_it_is_met(layout, capsys) -> None:
    name = "x" * 5000
    out = str(layout.with_name("out"))
    for words in (["inspect", name], ["generate", str(layout), "--out", out, "--model", name]):
        assert run([*words, "--json"]) == BAD_INPUT
        assert json.loads(capsys.readouterr().out)["error"]["file"] == name
