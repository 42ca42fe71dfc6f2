"""Somebody has a model paint a LayoutBench folder, scores the pictures, and looks at the worst one and its steps."""

from __future__ import annotations

from PIL import Image

from engine.batch.overview import read_overview
from engine.formats import registry
from engine.formats.dataset import Entry
from engine.layout import Box, Layout, LayoutObject

FEW = Entry(
    "LayoutBench_val_number_few_000000",
    Layout(
        320,
        320,
        (
            LayoutObject("a", "red rubber cube", Box(0.2, 0.3, 0.45, 0.55)),
            LayoutObject("b", "blue rubber sphere", Box(0.6, 0.5, 0.85, 0.75)),
        ),
    ),
    "number_few",
)
TINY = Entry(
    "LayoutBench_val_size_tiny_000000",
    Layout(320, 320, (LayoutObject("a", "green metal cube", Box(0.3, 0.4, 0.35, 0.45)),)),
    "size_tiny",
)


def test_from_a_folder_to_the_worst_picture(start, tmp_path) -> None:
    dataset, out = tmp_path / "bench", tmp_path / "out"
    registry.write(dataset, [FEW, TINY], "layoutbench-root")
    program = start()
    desk = program.desk
    program.press("push button", "Open LayoutBench folder")
    program.fill("text", "Directory:", str(dataset))
    desk.key("Return")
    program.see("list item", f"{FEW.name}, 2 objects · number_few")
    program.see("list item", f"{TINY.name}, 1 object · size_tiny")

    program.fill("spin box", "Denoising steps", "2")
    desk.key("ctrl+shift+e")
    assert program.see("text", "Dataset").text == str(dataset)
    program.fill("text", "Pictures go to", str(out))
    program.fill("text", "Name of the run", "first")
    program.fill("spin box", "Worker processes", "1")
    program.press("push button", "Start")
    program.told("2 of 2 pictures are painted")
    for entry in (FEW, TINY):
        with Image.open(out / entry.split / "first" / f"{entry.name}.png") as picture:
            picture.load()
        assert len(list((out / entry.split / "first_iter" / entry.name).glob("*_generated.png"))) == (
            len(entry.layout.objects) + 1
        )

    desk.key("ctrl+alt+e")
    assert program.see("text", "Layouts of the pictures").text == str(dataset)
    program.press("push button", "Score")
    program.told("1 run is scored")
    scores = {picture.name: picture.score for picture in read_overview(out).pictures}
    assert set(scores) == {FEW.name, TINY.name} and scores[FEW.name].targets == 2

    desk.key("ctrl+shift+g")
    program.press("combo box", "As painted")
    desk.key("Down", "Return")
    program.see("combo box", "AP")
    worst = min((FEW, TINY), key=lambda entry: scores[entry.name].ap)
    first, _ = program.see("list", "Pictures of the export").find_all("list item")
    assert first.name.startswith(f"{worst.split} / {worst.name}: AP {scores[worst.name].ap:.3f}")
    program.told(f"{worst.split} / {worst.name}")
    program.press("push button", "Open in the timeline")
    program.see("list item", f"Step 1 of {len(worst.layout.objects) + 1}: {worst.layout.objects[0].prompt}, done.*")
    program.titled(f"{worst.name} – Boxpaint")
    desk.key("alt+F4")
    assert program.ended() == 0
