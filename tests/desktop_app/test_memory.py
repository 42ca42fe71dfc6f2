"""Where the model's memory is: chosen in the panel, told when it ran out."""

from __future__ import annotations

from engine.events import ModelPlaced
from ui.panels.run_options import RunOptions

PICKED = {"device": "cuda", "precision": "fp16"}


def test_a_placement_is_part_of_the_options_and_of_the_request(window) -> None:
    panel = window.generation.form
    assert panel.options().placement == "auto"
    panel.placement.setCurrentIndex(panel.placement.findData("tiled"))
    request = window.runs.request_for(window.document.committed_layout, panel.options())
    assert request is not None and request.settings.placement == "tiled"
    panel.set_options(RunOptions(model=panel.options().model))
    assert panel.placement.currentData() == "auto"


def test_quantised_weights_are_part_of_the_options_and_of_the_request(window) -> None:
    panel = window.generation.form
    assert panel.options().quantize == "none"
    panel.quantize.setCurrentIndex(panel.quantize.findData("int8"))
    request = window.runs.request_for(window.document.committed_layout, panel.options())
    assert request is not None and request.settings.quantize == "int8"
    panel.set_options(RunOptions(model=panel.options().model))
    assert panel.quantize.currentData() == "none"


def test_memory_that_ran_out_is_told_in_the_window_and_the_panel_says_what_was_picked(window) -> None:
    run, panel = window.run_model, window.generation.form
    run.begin("run", None)
    first = ModelPlaced("run", 0, **PICKED, placement="device", reason="needs about 2.6 GiB of 8.0 GiB free")
    window.runs._take(first)
    assert "2.6 GiB of 8.0 GiB" in panel.placement.toolTip() and "Memory ran out" not in window.messages.text.text()
    second = ModelPlaced(
        "run", 1, **PICKED, placement="model-offload", reason="memory ran out", problem="Memory ran out."
    )
    window.runs._take(second)
    assert "Memory ran out" in window.messages.text.text() and "Part by part" in window.messages.text.text()
    assert "Part by part on the device" in panel.placement.toolTip()
