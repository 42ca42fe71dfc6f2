"""Whole trainings with small networks: resuming, checkpoints, logs, starts from other folders, and what is refused."""

from __future__ import annotations

import csv
import json
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState
from diffusers import StableDiffusionInpaintPipeline
from safetensors.torch import load_file

from engine.detection.loading import load_detector
from engine.errors import BoxpaintError
from engine.training import run
from engine.training.autoencoder import seen_weight
from engine.training.command import main
from engine.training.inpainter import load_autoencoder
from engine.training.logs import LOG
from engine.training.loop import CHECKPOINT
from engine.training.settings import (
    AutoencoderSettings,
    DetectorSettings,
    InpainterSettings,
    TrainSettings,
)


class Killed(Exception):
    """Stands for the end of the process between two checkpoints."""


def quiet(line: str) -> None:
    """Progress that nobody reads."""


def kill_at(samples: int):
    """A report that ends the training when it has seen this many samples, before they are in a checkpoint."""

    def report(line: str) -> None:
        if f"samples {samples} " in line:
            raise Killed

    return report


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """No file can grow beyond ``limit`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def detector_settings(scenes: Path, out: Path, **values) -> DetectorSettings:
    base = DetectorSettings(data=(scenes,), out=out, samples=12, batch=2, crop=64, interval=4, hold_out=2, device="cpu")
    return replace(base, **values)


def state(out: Path) -> dict:
    return torch.load(out / CHECKPOINT, weights_only=True)


def same(one: object, other: object) -> bool:
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    return one == other


def check_resume(train, settings: TrainSettings, tmp_path: Path) -> None:
    whole, broken = replace(settings, out=tmp_path / "whole"), replace(settings, out=tmp_path / "broken")
    train(whole, quiet)
    with pytest.raises(Killed):
        train(broken, kill_at(8))
    assert state(broken.out)["samples"] == 4, "the last checkpoint is from before the kill"
    train(broken, quiet)
    first, second = state(whole.out), state(broken.out)
    assert first.pop("seconds") > 0 and second.pop("seconds") > 0
    assert same(first, second)
    with (broken.out / LOG).open() as log:
        assert [row["samples"] for row in csv.DictReader(log)] == ["4", "8", "12"]


def test_a_killed_detector_training_ends_in_the_same_state(scenes, tmp_path):
    check_resume(run.train_detector, detector_settings(scenes, tmp_path), tmp_path)


@pytest.mark.parametrize("pool", [0, 6])
def test_a_killed_inpainter_training_ends_in_the_same_state(scenes, tmp_path, tiny_pipeline, pool):
    settings = InpainterSettings(
        data=(scenes,), out=tmp_path, start=str(tiny_pipeline), samples=12, batch=2, interval=4, hold_out=2,
        device="cpu", views="published", pool=pool,
    )  # fmt: skip
    check_resume(run.train_inpainter, settings, tmp_path)
    folder = tmp_path / "whole" / run.MODEL
    trained = StableDiffusionInpaintPipeline.from_pretrained(folder, safety_checker=None)
    start = StableDiffusionInpaintPipeline.from_pretrained(tiny_pipeline, safety_checker=None)
    assert not torch.equal(trained.unet.conv_in.weight, start.unet.conv_in.weight.half())
    assert torch.equal(next(trained.vae.parameters()).half(), next(start.vae.parameters()).half()), "it is frozen"
    for file in folder.rglob("*.json"):
        assert str(tmp_path) not in file.read_text(), "no place of this machine in what is shipped"


def test_a_coco_dataset_with_images_trains_a_detector_of_its_own_labels(coco_dataset, tmp_path):
    folder = run.train_detector(detector_settings(coco_dataset, tmp_path, hold_out=1), quiet)
    assert load_detector(folder).labels == ("cat", "dog")


def test_a_coco_dataset_with_images_trains_an_inpainter(coco_dataset, tmp_path, tiny_pipeline):
    settings = InpainterSettings(
        data=(coco_dataset,), out=tmp_path, start=str(tiny_pipeline), samples=4, batch=2, interval=4, hold_out=1,
        device="cpu", views="published", pool=0,
    )  # fmt: skip
    assert (run.train_inpainter(settings, quiet) / "unet").is_dir()


@pytest.fixture
def another_precision() -> Iterator[None]:
    """accelerate holds one number format for the life of a process; a training usually has one of its own."""
    AcceleratorState._reset_state()
    yield
    AcceleratorState._reset_state()


@pytest.mark.usefixtures("another_precision")
def test_an_inpainter_learns_in_bfloat16_on_another_noise_schedule_and_keeps_it(scenes, tmp_path, tiny_pipeline):
    settings = InpainterSettings(
        data=(scenes,), out=tmp_path, start=str(tiny_pipeline), samples=4, batch=2, interval=4, hold_out=2,
        device="cpu", pool=40, precision="bf16", noise="cosine", noise_shift=2.0,
    )  # fmt: skip
    folder = run.train_inpainter(settings, quiet)
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
    before = json.loads((tiny_pipeline / "scheduler" / "scheduler_config.json").read_text())
    signal = np.cumprod(1 - np.array(config["trained_betas"]))
    assert before.get("trained_betas") is None
    # Halfway the cosine schedule has as much noise as signal; here the noise is half of the signal.
    assert signal[499] / (1 - signal[499]) == pytest.approx(4, rel=0.01)
    assert config["prediction_type"] == before.get("prediction_type", "epsilon")
    trained, start = (
        load_file(next((part / "unet").glob("*.safetensors")))["conv_in.weight"] for part in (folder, tiny_pipeline)
    )
    assert not bool((trained.float() == start.float()).all())


def test_an_autoencoder_is_trained_and_its_decoder_alone(scenes, tmp_path):
    settings = AutoencoderSettings(
        data=(scenes,), out=tmp_path / "a", samples=16, batch=4, interval=16, pool=40, hold_out=2, device="cpu"
    )
    folder = run.train_autoencoder(settings, quiet)
    decoder = replace(settings, out=tmp_path / "b", start=str(folder), parts="decoder", patch=64)
    again = run.train_autoencoder(decoder, quiet)
    before, after = load_autoencoder(folder), load_autoencoder(again)
    pairs = list(zip(before.encoder.parameters(), after.encoder.parameters(), strict=True))
    assert all(torch.equal(one, other) for one, other in pairs)
    pairs = list(zip(before.decoder.parameters(), after.decoder.parameters(), strict=True))
    assert not all(torch.equal(one, other) for one, other in pairs)
    assert list((tmp_path / "a" / "sheets").glob("*.png"))
    assert "psnr" in (folder / "README.md").read_text()


def test_the_decoder_may_do_as_it_likes_on_black_next_to_a_crop():
    pictures = torch.full((1, 3, 32, 32), -1.0)
    pictures[:, 1, 8:16, 8:16] = 0.0
    weight = seen_weight(pictures)[0, 0]
    assert (weight[8:16, 8:16] == 1).all() and (weight[4:8, 4:20] == 0).all()
    assert torch.allclose(weight[20:, :], torch.tensor(0.3))


def test_tensorboard_can_read_what_is_logged(scenes, tmp_path):
    from tensorboardX.proto.event_pb2 import Event

    run.train_detector(detector_settings(scenes, tmp_path, tensorboard=True), quiet)
    content = next((tmp_path / "tensorboard").iterdir()).read_bytes()
    names, place = [], 0
    while place < len(content):  # length (8 bytes), its sum (4), the event, its sum (4)
        length = int.from_bytes(content[place : place + 8], "little")
        event = Event.FromString(content[place + 12 : place + 12 + length])
        names += [(value.tag, event.step) for value in event.summary.value]
        place += length + 16
    assert [step for tag, step in names if tag == "loss"] == [4, 8, 12]
    assert [step for tag, step in names if tag == "sheet"] == [4, 8, 12]


def test_without_tensorboards_package_the_reason_is_told(scenes, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(BoxpaintError, match="tensorboardX"):
        run.train_detector(detector_settings(scenes, tmp_path, tensorboard=True), quiet)


def test_a_full_disk_leaves_the_former_checkpoint(scenes, tmp_path):
    run.train_detector(detector_settings(scenes, tmp_path, samples=4), quiet)
    former = (tmp_path / CHECKPOINT).read_bytes()
    with full_disk(1_000_000), pytest.raises(BoxpaintError) as caught:
        run.train_detector(detector_settings(scenes, tmp_path, samples=8), quiet)
    assert caught.value.kind == "output" and CHECKPOINT in str(caught.value.file)
    assert (tmp_path / CHECKPOINT).read_bytes() == former
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")], "no rubbish is left"


def test_a_training_is_not_resumed_with_other_settings(scenes, tmp_path):
    run.train_detector(detector_settings(scenes, tmp_path, samples=4), quiet)
    with pytest.raises(BoxpaintError, match="another lr, seed"):
        run.train_detector(detector_settings(scenes, tmp_path, seed=5, lr=0.1), quiet)
    (tmp_path / CHECKPOINT).write_bytes(b"cut off")
    with pytest.raises(BoxpaintError, match="cannot be read"):
        run.train_detector(detector_settings(scenes, tmp_path), quiet)


def test_a_loss_that_is_no_number_stops_the_training(scenes, tmp_path):
    run.train_detector(detector_settings(scenes, tmp_path, samples=4), quiet)
    former = (tmp_path / CHECKPOINT).read_bytes()
    broken = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    broken["modules"]["network"]["output.weight"].fill_(float("nan"))
    torch.save(broken, tmp_path / CHECKPOINT)
    with pytest.raises(BoxpaintError, match="no longer a number"):
        run.train_detector(detector_settings(scenes, tmp_path), quiet)
    assert (tmp_path / CHECKPOINT).read_bytes() != former


def test_a_detector_is_trained_from_the_command_line_and_on_from_there(scenes, tmp_path, capsys):
    common = ["--data", str(scenes), "--crop", "64", "--batch", "2", "--samples", "4", "--hold-out", "2"]
    assert main(["detector", *common, "--out", str(tmp_path / "one")]) == 0
    folder = Path(capsys.readouterr().out.strip())
    assert len(load_detector(folder).labels) == 48
    assert main(["detector", *common, "--out", str(tmp_path / "two"), "--start", str(folder)]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["detector"], "the training has no end"),
        (["detector", "--samples", "4", "--start", "nowhere"], "no such model folder"),
        (["detector", "--samples", "0"], "samples is 0"),
        (["detector", "--samples", "4", "--crop", "100"], "crop is 100"),
        (["inpainter", "--samples", "4", "--start", "scratch"], "needs a trained autoencoder"),
        (["inpainter", "--samples", "4", "--foreground-ratio", "2"], "foreground_ratio is 2"),
        (["inpainter", "--samples", "4", "--noise-shift", "0"], "noise_shift is 0"),
    ],
)
def test_bad_arguments_are_told_in_one_line(scenes, tmp_path, capsys, arguments, message):
    kind, *rest = arguments
    assert main([kind, "--data", str(scenes), "--out", str(tmp_path), *rest]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ") and message in error


def test_a_folder_that_is_no_inpainting_pipeline_is_refused(scenes, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    settings = InpainterSettings(data=(scenes,), out=tmp_path / "out", start=str(folder), samples=4)
    with pytest.raises(BoxpaintError, match="cannot be loaded"):
        run.train_inpainter(settings, quiet)
