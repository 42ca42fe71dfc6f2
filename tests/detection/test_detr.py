"""Original DETR checkpoints against an independent writing-down of the architecture (``detr_reference``)."""

from __future__ import annotations

import argparse
import pickle
from pathlib import Path

import pytest
import torch

from engine.detection.detr import convert, read_checkpoint
from engine.errors import BoxpaintError
from engine.layout.vocabulary import CLEVR_48
from tests.detection.detr_reference import Detr, randomise

SMALL = {
    "stem": 8, "widths": (16, 32, 64, 128), "depths": (1, 2, 2, 3), "width": 32, "heads": 4, "inner": 48, "layers": 2,
    "queries": 7, "classes": 3,
}  # fmt: skip


def save(folder: Path, model: torch.nn.Module, **options: object) -> Path:
    """A checkpoint as the original training writes it."""
    file = folder / "checkpoint.pth"
    torch.save({"model": model.state_dict(), "epoch": 3, "args": argparse.Namespace(lr=1e-4, **options)}, file)
    return file


def differences(reference: Detr, converted, pictures: torch.Tensor) -> tuple[float, float]:
    with torch.no_grad():
        logits, boxes = reference(pictures)
        found = converted(pixel_values=pictures)
    assert logits.std() > 0.05 and boxes.std() > 0.005, "the pictures make a difference"
    return float((logits - found.logits).abs().max()), float((boxes - found.pred_boxes).abs().max())


@pytest.mark.parametrize("dilated", [True, False])
def test_a_small_checkpoint_gives_the_same_logits_and_boxes(tmp_path, dilated) -> None:
    reference = Detr(**SMALL, dilated=dilated).eval()
    randomise(reference)
    original = read_checkpoint(save(tmp_path, reference, dilation=dilated, nheads=4))
    converted = convert(original, ("a", "b", "c"))
    assert converted.config.id2label == {0: "a", 1: "b", 2: "c"}
    for size in ((96, 128), (130, 75)):
        pictures = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(1))
        assert max(differences(reference, converted, pictures)) < 1e-4


def test_the_published_size_gives_the_same_logits_and_boxes(tmp_path) -> None:
    """R101-DC5 with 48 classes and 100 queries, as LayoutBench publishes it."""
    reference = Detr().eval()
    randomise(reference, 2)
    original = read_checkpoint(save(tmp_path, reference, dilation=True, nheads=8))
    pictures = torch.randn(1, 3, 96, 64, generator=torch.Generator().manual_seed(3))
    assert max(differences(reference, convert(original, CLEVR_48), pictures)) < 1e-4


def test_dilation_makes_a_difference(tmp_path) -> None:
    reference = Detr(**SMALL).eval()
    randomise(reference)
    original = read_checkpoint(save(tmp_path, reference, nheads=4))
    pictures = torch.randn(1, 3, 96, 96)
    assert max(differences(reference, convert(original, "abc"), pictures)) < 1e-4, "DC5 where nothing is said"
    assert max(differences(reference, convert(original, "abc", dilated=False), pictures)) > 1e-2


def test_the_wrong_number_of_labels_is_refused(tmp_path) -> None:
    reference = Detr(**SMALL)
    with pytest.raises(BoxpaintError, match="3 classes"):
        convert(read_checkpoint(save(tmp_path, reference)), CLEVR_48)


def test_missing_and_foreign_weights_are_counted(tmp_path) -> None:
    reference = Detr(**SMALL)
    del reference.bbox_embed.layers[2]
    reference.extra = torch.nn.Linear(2, 2)
    with pytest.raises(BoxpaintError, match="2 missing, 2 unknown"):
        convert(read_checkpoint(save(tmp_path, reference, nheads=4)), "abc")


class Evil:
    def __reduce__(self):
        return (Path.touch, (Path("executed"),))


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"model": {"class_embed.weight": Evil()}}, tmp_path / "evil.pth")
    with pytest.raises(BoxpaintError) as caught:
        read_checkpoint(tmp_path / "evil.pth")
    assert "run code" in str(caught.value.hint) and not (tmp_path / "executed").exists()


def test_a_path_among_the_options_is_no_reason_to_refuse(tmp_path) -> None:
    """The published checkpoint has one."""
    reference = Detr(**SMALL)
    original = read_checkpoint(save(tmp_path, reference, nheads=4, output_dir=Path("runs")))
    assert original.heads == 4 and original.state.keys() == reference.state_dict().keys()


def test_other_files_are_refused_with_their_name(tmp_path) -> None:
    torch.save({"model": {"weight": torch.zeros(1)}}, tmp_path / "other.pth")
    (tmp_path / "cut.pth").write_bytes(pickle.dumps({"a": 1}, protocol=2)[:-3])
    for name, reason in (("other.pth", "no original DETR"), ("cut.pth", "not loaded"), ("none.pth", "no such file")):
        with pytest.raises(BoxpaintError, match=reason) as caught:
            read_checkpoint(tmp_path / name)
        assert name in str(caught.value)
