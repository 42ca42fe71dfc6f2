"""More of what people do with the program day by day; minutes in all, so before releases only."""

from __future__ import annotations

import json

import psutil
import pytest
from PIL import Image

from engine.formats import registry
from engine.formats.dataset import Entry
from engine.formats.project import read_project
from engine.layout import Box, Layout, LayoutObject
from engine.runs.records import read_record
from tests.end_to_end.desk import until

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

LAYOUT = Layout(
    320,
    320,
    (
        LayoutObject("a", "red metal cube", Box(0.1, 0.2, 0.4, 0.5)),
        LayoutObject("b", "blue rubber sphere", Box(0.5, 0.5, 0.8, 0.8)),
    ),
)


@pytest.fixture
def file(tmp_path):
    """A layout of two objects."""
    registry.write(tmp_path / "two.layout.json", [Entry("two", LAYOUT)], "boxpaint")
    return tmp_path / "two.layout.json"


def whole_runs(program) -> list:
    """The folders of runs that have ended with a picture, the first one first."""
    return sorted(picture.parent for picture in (program.data / "runs").glob("*/picture.png"))


def command(program, words: str) -> None:
    """Give a command by the list of all commands, which takes every key from the moment that it is asked for."""
    program.desk.key("ctrl+k")
    program.desk.type(words)
    program.desk.key("Return")


def test_a_newcomer_without_a_mouse(start) -> None:
    program = start()
    desk, file = program.desk, program.home / "keys.layout.json"
    desk.key("ctrl+n")
    program.see("list", "Canvas")
    for number, name in enumerate(("red metal cube", "blue rubber sphere"), start=1):
        desk.key("Insert")
        program.see("text", "Prompt of the object")
        desk.type(name)
        desk.key("Return")
        program.see("list item", f"Object {number}: {name}")
        desk.key(*["shift+Left"] * 8 * (2 - number), "F2", "Escape")
    desk.key("ctrl+Return")
    until(lambda: whole_runs(program), "a picture is painted")
    program.told("3 steps in")
    command(program, "First frame")
    program.told("Step 1 of 3 · .* · context")
    desk.key("ctrl+s")
    program.see("text", "File name:")
    desk.type(str(file))
    desk.key("Return")
    program.titled("keys.layout.json – Boxpaint")
    desk.key("ctrl+q")
    assert program.ended() == 0
    first, second = registry.read_entry(file).layout.objects
    assert [first.prompt, second.prompt] == ["red metal cube", "blue rubber sphere"]
    assert first.box.x0 < second.box.x0 and first.box.y0 == second.box.y0


def test_a_step_is_painted_anew_and_both_runs_are_compared(start, file) -> None:
    program = start(str(file))
    desk = program.desk
    program.fill("spin box", "Denoising steps", "2")
    program.press("push button", "Generate")
    program.told("3 steps in")
    program.press("list item", "Step 2 of 3: .*")
    desk.key("ctrl+shift+b")
    first, second = until(lambda: (found := whole_runs(program))[1:] and found, "another run has ended")
    steps = [read_record(run)["steps"] for run in (first, second)]
    assert steps[0][0]["seed"] == steps[1][0]["seed"] and steps[0][1]["seed"] != steps[1][1]["seed"]
    program.press("page tab", "Runs")
    until(lambda: len(program.see("tree", "Runs").find_all("tree item")) >= 2, "both runs are listed")
    command(program, "Compare")
    program.titled("Compare — Boxpaint")
    desk.key("alt+F4")
    program.titled("two.layout.json* – Boxpaint")
    desk.key("alt+F4")
    program.press("push button", "Discard")
    assert program.ended() == 0
    assert registry.read_entry(file).layout == LAYOUT


def test_a_project_of_two_layouts(start, tmp_path) -> None:
    program, project = start(), tmp_path / "mine.boxpaint"
    desk = program.desk
    command(program, "New project")
    program.see("list", "Layouts of the project")
    program.draw(((-100, -100), (0, 0)), "red metal cube")
    program.see("list item", "Object 1: red metal cube")
    program.press("push button", "New layout in the project.*")
    until(
        lambda: len(program.see("list", "Layouts of the project").find_all("list item")) == 2, "there are two layouts"
    )
    desk.key("ctrl+s")
    program.fill("text", "File name:", str(project))
    desk.key("Return")
    until(project.is_file, "the project is saved")
    desk.key("alt+F4")
    assert program.ended() == 0
    first, second = read_project(project).entries
    assert [item.prompt for item in first.layout.objects] == ["red metal cube"] and not second.layout.objects


def test_the_models_that_are_here(start) -> None:
    program = start()
    program.desk.key("ctrl+alt+m")
    program.titled("Models — Boxpaint")
    program.see("cell", "clevr-mini")
    program.told("CLEVR scenes, in seconds and without a GPU")
    program.desk.key("Escape")
    program.see("push button", "New")


def test_german_and_texts_of_double_size(start) -> None:
    program = start()
    program.desk.key("ctrl+comma")
    program.titled("Preferences — Boxpaint")
    program.desk.key("Tab", "End", "Tab", "End", "Return")  # the last language, the largest texts
    program.see("push button", "New")
    program.desk.key("alt+F4")
    assert program.ended() == 0
    kept = json.loads((program.home / ".config/boxpaint/settings.json").read_text())
    assert (kept["language"], kept["text_size"]) == ("de", "200")

    program = start()
    program.press("push button", "Neu")
    program.see("list", "Zeichenfläche")
    program.see("push button", "Erzeugen")


def test_closed_in_the_middle_of_a_run(start, file) -> None:
    program = start(str(file))
    program.press("push button", "Generate")
    program.see("list item", "Step 1 of 3: .*, done.*")
    children = program.children()
    program.desk.key("alt+F4")
    assert program.ended() == 0
    _, alive = psutil.wait_procs(children, timeout=60)
    assert children and not alive
    (run,) = (program.data / "runs").iterdir()
    for step in read_record(run)["steps"]:
        with Image.open(run / step["composite"]) as picture:
            picture.load()
    program = start()
    program.press("push button", "New")
    assert not program.find("push button", "Bring it back"), "nothing was unsaved"
