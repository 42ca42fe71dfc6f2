"""Somebody who has never seen the program draws two boxes, has them painted, looks at the steps, saves and leaves."""

from __future__ import annotations

import pytest
from PIL import Image

from engine.formats.registry import read_entry
from engine.runs.records import read_record

DRAWN = ((-160, -150), (-20, 10)), ((20, 10), (160, 150))
NAMES = ["red metal cube", "blue rubber cylinder"]


def test_from_the_start_page_to_a_saved_layout(start) -> None:
    program = start()
    desk = program.desk
    program.press("push button", "New")
    program.draw(DRAWN[0], "red me", "Down")  # the first suggestion
    program.see("list item", "Object 1: red metal cube")
    program.draw(DRAWN[1], "blue r", "Down", "Down")
    program.see("list item", "Object 2: blue rubber cylinder")
    zoom = int(program.see("label", r"\d+ %").name.removesuffix(" %")) / 100

    program.fill("spin box", "Denoising steps", "2")
    program.press("push button", "Generate")
    program.told("3 steps in")
    (run,) = (program.data / "runs").iterdir()
    assert [step["prompt"] for step in read_record(run)["steps"][:2]] == [f"Add {name}" for name in NAMES]
    with Image.open(run / "picture.png") as picture:
        assert all(high - low > 50 for low, high in picture.convert("RGB").getextrema()), "something was painted"

    slider = program.see("slider", "Frame")
    left, top, width, height = slider.rectangle
    row, last = top + height // 2, slider.value
    desk.drag((left + width - 6, row), (left + 6, row))
    program.told("Step 1 of 3 · .* · context")
    desk.drag((left + 6, row), (left + width // 2, row))
    program.told("Step 2 of 3")
    assert 0 < slider.value < last

    file = program.home / "first.layout.json"
    assert program.title == "Untitled* – Boxpaint"
    desk.key("ctrl+s")
    program.fill("text", "File name:", str(file))
    desk.key("Return")
    program.titled("first.layout.json – Boxpaint")
    desk.key("alt+F4")
    assert program.ended() == 0
    assert not list((program.data / "recovery").glob("*")), "nothing is left to be offered"

    layout = read_entry(file).layout
    assert [item.prompt for item in layout.objects] == NAMES
    for item, corners in zip(layout.objects, DRAWN, strict=True):
        meant = [0.5 + edge / zoom / side for corner in corners for edge, side in zip(corner, layout.size, strict=True)]
        assert [item.box.x0, item.box.y0, item.box.x1, item.box.y1] == pytest.approx(meant, abs=0.01)
