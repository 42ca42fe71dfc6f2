"""The trainings from start to end: what scripts and the command line call."""

from __future__ import annotations

from pathlib import Path

import diffusers
import torch
import transformers
from accelerate import Accelerator

from engine.errors import BoxpaintError
from engine.files import make_folder, write_bytes
from engine.training.autoencoder import AutoencoderTask
from engine.training.cards import TrainingFacts, autoencoder_card, pipeline_card, single_step_card
from engine.training.data import Pictures, load_pictures
from engine.training.export import clevr_mini_facts, export_pipeline, single_step_facts
from engine.training.inpainter import InpainterTask, load_autoencoder, start_pipeline
from engine.training.loop import Loop, Report, Task
from engine.training.networks import build_autoencoder
from engine.training.settings import (
    BUILT_IN,
    SCRATCH,
    AutoencoderSettings,
    DetectorSettings,
    InpainterSettings,
    SingleStepSettings,
    TrainSettings,
)

MODEL = "model"
"""Name of the trained model's folder inside the output folder."""

_BUILT_IN_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "models"


def train_autoencoder(settings: AutoencoderSettings, report: Report) -> Path:
    """Train an autoencoder; the folder that it was saved to.

    Args:
        settings: What to do.
        report: Takes a line of text at every interval.

    Raises:
        BoxpaintError: The data, the start or a checkpoint is unusable, or nothing can be written.
    """
    accelerator = _begin(settings)
    pictures = load_pictures(settings.data, report=report, hold_out=settings.hold_out)
    folder = start_folder(settings.start, "clevr-mini", "vae")
    model = build_autoencoder() if folder is None else load_autoencoder(folder)
    task = AutoencoderTask(settings, pictures, model, accelerator)
    facts = _run(task, settings, accelerator, report, pictures)
    facts.figures.update(task.figures())
    target = settings.out / MODEL
    if accelerator.is_main_process:
        model.to("cpu").save_pretrained(str(target))
        write_bytes(target / "README.md", autoencoder_card(facts).encode())
    return target


def train_inpainter(settings: InpainterSettings, report: Report) -> Path:
    """Train an inpainting pipeline on the published tasks; the diffusers folder that it was saved to.

    Raises:
        BoxpaintError: The data, the start or a checkpoint is unusable, or nothing can be written.
    """
    accelerator = _begin(settings)
    folder = start_folder(settings.start, "clevr-mini")
    pipeline = start_pipeline(settings, folder)
    side = int(pipeline.unet.config.sample_size) * 2 ** (len(pipeline.vae.config.block_out_channels) - 1)
    resize = side if settings.views == "published" else None
    pictures = load_pictures(settings.data, report=report, hold_out=settings.hold_out, resize_short=resize)
    task = InpainterTask(settings, pictures, pipeline, accelerator)
    facts = _run(task, settings, accelerator, report, pictures)
    target = settings.out / MODEL
    if accelerator.is_main_process:
        about = clevr_mini_facts(task.working) if settings.views == "zoom" else None
        export_pipeline(pipeline, target, pipeline_card(facts), about)
    return target


def train_single_step(settings: SingleStepSettings, report: Report) -> Path:
    """Train a text-to-image sibling that reads the layout from its prompt; the diffusers folder that it was saved to.

    Raises:
        BoxpaintError: The data, the start or a checkpoint is unusable, or nothing can be written.
    """
    from engine.training.single_step import SingleStepTask, start_single_step

    accelerator = _begin(settings)
    pictures = load_pictures(settings.data, report=report, hold_out=settings.hold_out)
    pipeline = start_single_step(settings, start_folder(settings.start, "clevr-mini"))
    task = SingleStepTask(settings, pictures, pipeline, accelerator)
    facts = _run(task, settings, accelerator, report, pictures)
    target = settings.out / MODEL
    if accelerator.is_main_process:
        card = single_step_card(facts)
        export_pipeline(pipeline, target, card, single_step_facts(settings.prompt, settings.side))
    return target


def train_detector(settings: DetectorSettings, report: Report) -> Path:
    """Train the convolutional detector; the folder that it was saved to.

    Raises:
        BoxpaintError: The data, the start or a checkpoint is unusable, or nothing can be written.
    """
    from engine.training.detector import DetectorTask, save_detector, start_network

    accelerator = _begin(settings)
    pictures = load_pictures(settings.data, report=report, hold_out=settings.hold_out)
    network, config = start_network(start_folder(settings.start, "clevr-mini-detector"), pictures.labels)
    task = DetectorTask(settings, pictures, network, config, accelerator)
    facts = _run(task, settings, accelerator, report, pictures)
    target = settings.out / MODEL
    if accelerator.is_main_process:
        save_detector(network, config, target, facts)
    return target


def start_folder(start: str, built_in: str, part: str = "") -> Path | None:
    """The folder that ``start`` means, or None for random weights.

    Raises:
        BoxpaintError: There is no such folder.
    """
    if start == SCRATCH:
        return None
    folder = _BUILT_IN_FOLDER / built_in / part if start == BUILT_IN else Path(start)
    if not folder.is_dir():
        raise BoxpaintError(
            "there is no such model folder to start from.",
            "model",
            file=str(folder),
            field="start",
            hint="Use scratch, built-in or the path of a model folder.",
        )
    return folder


def _begin(settings: TrainSettings) -> Accelerator:
    make_folder(settings.out)
    for logging in (diffusers.utils.logging, transformers.utils.logging):
        logging.set_verbosity_error()
        logging.disable_progress_bar()
    torch.manual_seed(settings.seed)
    return build_accelerator(settings)


def build_accelerator(settings: TrainSettings) -> Accelerator:
    """The devices and the number format to train with.

    Raises:
        BoxpaintError: The machine has no such device.
    """
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    wanted = settings.device
    if wanted != "auto" and not present.get(wanted, False):
        raise BoxpaintError(f"this machine has no {wanted} device.", "settings", field="device")
    on_cpu = wanted == "cpu" or not (present["cuda"] or present["mps"])
    precision = settings.precision
    if precision == "auto":
        precision = "bf16" if present["cuda"] and not on_cpu and torch.cuda.is_bf16_supported() else "fp32"
    return Accelerator(mixed_precision="no" if precision == "fp32" else precision, cpu=on_cpu)


def _run(
    task: Task, settings: TrainSettings, accelerator: Accelerator, report: Report, pictures: Pictures
) -> TrainingFacts:
    loop = Loop(task, settings, accelerator, report)
    loop.run()
    return TrainingFacts(
        kind=task.kind,
        pictures=len(pictures.train),
        boxes=sum(len(picture.boxes) for picture in pictures.train),
        samples=loop.samples,
        steps=loop.step,
        minutes=loop.seconds / 60,
        settings=settings.fixed(),
        figures={},
    )
