"""The state of an export: claims, what a kill leaves behind, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.batch.disk import DiskGuard
from engine.batch.items import Item, make_items, make_runs
from engine.batch.ledger import FILE, Ledger, is_full
from engine.errors import BoxpaintError
from engine.formats.dataset import Entry
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout

MODEL = {"name": "m", "fingerprint": "f"}


def items(count: int = 3, seed: int = 0) -> list[Item]:
    entries = [Entry(f"p{number}", Layout(32, 32)) for number in range(count)]
    return make_items(entries, make_runs("run", GenerationSettings(seed=seed), {}))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path)
    ledger.plan(items(), {"run": {"seed": 0}}, MODEL, retry=False)
    return ledger


def paint(ledger: Ledger, content: bytes = b"picture") -> int:
    identity, (_, _, name) = ledger.claim()
    ledger.announce(identity, f"{name}.png", content, 1.5)
    (ledger.folder / f"{name}.png").write_bytes(content)
    return identity


def claim_and_die(folder: Path, *, announced: bytes | None = None, written: bytes | None = None) -> None:
    """Another process claims the next item and ends in the middle of the work."""
    code = (
        "import os, sys; from pathlib import Path; from engine.batch.ledger import Ledger\n"
        "folder, announced, written = Path(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].encode()\n"
        "ledger = Ledger(folder); identity, key = ledger.claim()\n"
        "if announced: ledger.announce(identity, key[2] + '.png', announced, 1.0)\n"
        "if written: (folder / (key[2] + '.png')).write_bytes(written)\n"
        "os._exit(9)"
    )
    arguments = [sys.executable, "-c", code, folder, announced or b"", written or b""]
    assert subprocess.run(arguments, check=False).returncode == 9


def test_items_are_claimed_in_order_once(ledger) -> None:
    other = Ledger(ledger.folder)
    claimed = [ledger.claim(), other.claim(), ledger.claim(), other.claim()]
    assert [found and found[1][2] for found in claimed] == ["p0", "p1", "p2", None]
    ledger.release(claimed[1][0])
    assert other.claim()[1][2] == "p1"


def test_finished_and_failed_items_are_told_and_stay(ledger) -> None:
    ledger.finish(paint(ledger))
    identity, _ = ledger.claim()
    ledger.fail(identity, BoxpaintError("it went wrong.", "picture", hint="Try again."))
    assert ledger.counts() == type(ledger.counts())(open=1, done=1, failed=1)
    assert ledger.failures()[0]["message"] == "it went wrong." and ledger.failures()[0]["name"] == "p1"
    assert ledger.finished()[0]["picture"] == "p0.png" and ledger.finished("other") == []
    ledger.plan(items(4), {"run": {}}, MODEL, retry=False)
    assert (ledger.counts().open, ledger.counts().failed) == (2, 1)
    ledger.plan(items(1), {"run": {}}, MODEL, retry=True)
    assert (ledger.counts().done, ledger.counts().total) == (1, 1)
    ledger.plan(items(4), {"run": {}}, MODEL, retry=True)
    assert (ledger.counts().open, ledger.counts().failed) == (3, 0)


def test_what_a_dead_process_left_is_done_only_if_its_picture_is_whole(ledger) -> None:
    claim_and_die(ledger.folder)
    claim_and_die(ledger.folder, announced=b"whole", written=b"whole")
    claim_and_die(ledger.folder, announced=b"whole", written=b"other")
    assert ledger.counts().claimed == 3 and ledger.settle() == []
    assert [row["name"] for row in ledger.finished()] == ["p1"]
    assert ledger.counts().open == 2


def test_items_of_living_processes_are_left_to_them_and_deleted_pictures_are_missed(ledger) -> None:
    ledger.finish(paint(ledger))
    ledger.finish(paint(ledger))
    ledger.claim()
    (ledger.folder / "p0.png").unlink()
    (ledger.folder / "p1.png").write_bytes(b"shorter")
    (ledger.folder / "p1.png").write_bytes(b"cut")
    assert len(ledger.settle()) == 1
    assert (ledger.counts().open, ledger.counts().claimed, ledger.counts().done) == (2, 1, 0)


def test_pictures_of_other_settings_are_not_mixed_in(ledger) -> None:
    ledger.finish(paint(ledger))
    with pytest.raises(BoxpaintError, match="other settings") as caught:
        ledger.plan(items(seed=1), {"run": {}}, MODEL, retry=False)
    assert caught.value.item == "all/run/p0" and caught.value.hint
    with pytest.raises(BoxpaintError, match="another model"):
        ledger.plan(items(), {"run": {}}, {"name": "m", "fingerprint": "g"}, retry=False)
    assert ledger.counts().total == 3


def test_damaged_and_foreign_files_are_refused(ledger, tmp_path) -> None:
    ledger.set_fact("schema_version", "99")
    ledger.close()
    with pytest.raises(BoxpaintError, match="version is 99"):
        Ledger(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / FILE).write_bytes(b"this is no database, but it is long enough to be taken for one" * 40)
    with pytest.raises(BoxpaintError, match="damaged") as caught:
        Ledger(other)
    assert caught.value.file == str(other / FILE) and caught.value.hint


def test_the_disk_guard_waits_for_room(tmp_path) -> None:
    free = iter([10, 10, 100])
    guard = DiskGuard(tmp_path, 50, lambda folder: next(free))
    assert "paused" in guard.problem
    assert guard.wait(lambda: False)
    assert list(free) == []
    stopped = iter([False, True])
    assert not DiskGuard(tmp_path, 50, lambda folder: 10).wait(lambda: next(stopped))


def test_a_note_that_does_not_fit_on_the_disk_waits_for_room(tmp_path) -> None:
    ledger = Ledger(tmp_path)
    ledger.set_fact("before", "x")
    # SQLite says the same as on a full disk when a file may not grow.
    pages = ledger._all("PRAGMA page_count")[0][0]
    ledger._all(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(BoxpaintError, match="full") as caught:
        ledger.set_fact("note", "x" * 100_000)
    assert is_full(caught.value) and ledger.fact("note") is None

    def room() -> bool:
        ledger._all(f"PRAGMA max_page_count = {pages + 100}")
        return True

    ledger.wait_when_full(room)
    ledger.set_fact("note", "x" * 100_000)
    assert len(ledger.fact("note")) == 100_000 and ledger.fact("before") == "x"
    ledger.close()
