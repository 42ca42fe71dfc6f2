"""The benchmark of placements runs to its end on a tiny model."""

from __future__ import annotations

from pathlib import Path

from benchmarks.placements import Alive, measure


def test_a_row_for_every_placement_of_the_device(tiny_pipeline: Path, capsys) -> None:
    measure(tiny_pipeline, "cpu", side=64, steps=1)
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["placement", "device", "tiled"]
    assert rows[1].split()[-1] == "1.00"


def test_bytes_alive_are_counted_at_their_peak() -> None:
    import torch

    layer = torch.nn.Linear(1000, 1000, device="meta")
    with torch.no_grad(), Alive(layer) as alive:
        value = torch.empty(10, 1000, device="meta")
        for _ in range(3):
            value = layer(value)
        del value
    # Two tensors at a time, however many there were; the weights, of which the layer makes a view, do not count.
    assert alive.peak == 2 * 10 * 1000 * 4
