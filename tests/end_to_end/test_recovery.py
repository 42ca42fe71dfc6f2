"""The program is killed with work that is not saved, then its engine in the middle of a run; nothing is lost."""

from __future__ import annotations

from engine.formats import registry
from engine.formats.dataset import Entry
from engine.layout import Box, Layout, LayoutObject
from engine.runs.records import read_record

LAYOUT = Layout(320, 320, (LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.4, 0.4)),))
DRAWN = (20, 20), (120, 120)
NAMES = ["red metal cube", "cyan rubber sphere"]


def test_killed_work_comes_back_and_a_run_ends_whole(start, tmp_path) -> None:
    file = tmp_path / "mine.layout.json"
    registry.write(file, [Entry("mine", LAYOUT)], "boxpaint")
    program = start(str(file))
    program.see("list item", "Object 1: red metal cube")
    program.desk.key("d")  # an opened layout is selected in, not drawn on
    program.draw(DRAWN, "cyan rubber sphere")
    program.see("list item", "Object 2: cyan rubber sphere")
    program.kill()
    assert [item.prompt for item in registry.read_entry(file).layout.objects] == NAMES[:1], "it was not saved"

    program = start()
    program.told("Boxpaint ended unexpectedly at .* while mine.layout.json was not saved")
    program.press("push button", "Bring it back")
    program.see("list item", "Object 2: cyan rubber sphere")
    program.titled("mine.layout.json* – Boxpaint")

    program.fill("spin box", "Denoising steps", "12")
    program.press("push button", "Generate")
    program.see("list item", "Step 1 of 3: red metal cube, done.*")
    program.kill_engine()
    program.press("push button", "Continue")
    program.told("3 steps in")
    cut_off, whole = sorted((program.data / "runs").iterdir(), key=lambda run: (run / "picture.png").is_file())
    assert len(read_record(whole)["steps"]) == 3 and (whole / "picture.png").is_file()
    first = "step_000_composite.png"
    assert (whole / first).read_bytes() == (cut_off / first).read_bytes(), "it was taken over"

    program.desk.key("alt+F4")
    program.press("push button", "Save")
    assert program.ended() == 0
    assert [item.prompt for item in registry.read_entry(file).layout.objects] == NAMES
