"""What dead writers left is cleared away; what belongs to somebody else is not touched."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.files import write_bytes
from engine.leftovers import clear_leftovers, unfinished_name
from tests.faults import name_of_a_dead_writer


def test_only_what_dead_processes_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / name_of_a_dead_writer()).write_bytes(b"half")
    folder = tmp_path / name_of_a_dead_writer()
    folder.mkdir()
    (folder / "weights").write_bytes(b"half")
    living, foreign = tmp_path / unfinished_name(), tmp_path / ".download.part"
    for path in (living, foreign):
        path.write_bytes(b"theirs")
    clear_leftovers(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted((living, foreign))


def test_another_machine_has_a_day(tmp_path: Path) -> None:
    machine, rest = unfinished_name()[1:9], unfinished_name()[9:]
    other = tmp_path / f".{'0' * 8 if machine != '0' * 8 else '1' * 8}{rest}"
    other.write_bytes(b"half")
    clear_leftovers(tmp_path)
    assert other.exists()
    os.utime(other, (time.time() - 90_000,) * 2)
    clear_leftovers(tmp_path)
    assert not other.exists()


def test_a_process_id_that_is_used_again_does_not_keep_what_its_former_owner_left(tmp_path: Path) -> None:
    left = tmp_path / unfinished_name()
    left.write_bytes(b"half")
    os.utime(left, (1, 1))  # before this process began
    clear_leftovers(tmp_path)
    assert not left.exists()


def test_a_protected_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"dear to me")
    path.chmod(0o444)
    with pytest.raises(BoxpaintError, match="not permitted"):
        write_bytes(path, b"other")
    assert path.read_bytes() == b"dear to me"
