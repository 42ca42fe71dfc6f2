"""Training of an inpainting U-Net with its text encoder on the published tasks; the autoencoder is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from diffusers import AutoencoderTiny, StableDiffusionInpaintPipeline
from PIL import Image
from torch import Tensor, nn

from engine.errors import BoxpaintError
from engine.training.captions import CLEVR_WORDS, build_text_encoder, build_tokenizer, token_ids
from engine.training.data import Pictures
from engine.training.diffusion import Diffusion
from engine.training.latents import PUBLISHED_VIEWS, ZOOM_VIEWS, Batch, Encoder, SampleSource, View, fill_pool
from engine.training.networks import build_scheduler, build_unet, cosine_noise, suit_training
from engine.training.settings import SCRATCH, InpainterSettings
from engine.training.sheets import pair_sheet
from engine.training.tasks import BACKGROUND_CAPTION, FOREGROUND_CAPTION, Sample

SHEET_STEPS = 12
SHEET_GUIDANCE = 2.0

_BATCH_ROUNDING = 0.2
_SHEET_OBJECTS = 8
_SHEET_SCENES = 3


def start_pipeline(settings: InpainterSettings, folder: Path | None) -> StableDiffusionInpaintPipeline:
    """The pipeline to train: with random networks (and the given autoencoder), or loaded from a folder.

    Raises:
        BoxpaintError: There is no autoencoder to start from, or the folder holds no 9-channel inpainting pipeline.
    """
    pipeline = _from_scratch(settings) if settings.start == SCRATCH else _loaded(folder or Path(settings.start))
    if settings.noise == "cosine":
        pipeline.scheduler = cosine_noise(pipeline.scheduler, settings.noise_shift)
    return pipeline


def _from_scratch(settings: InpainterSettings) -> StableDiffusionInpaintPipeline:
    if settings.autoencoder is None:
        raise BoxpaintError(
            "a pipeline from scratch needs a trained autoencoder.",
            "settings",
            field="autoencoder",
            hint="Train one with `boxpaint train autoencoder` and name its folder by --autoencoder.",
        )
    tokenizer = build_tokenizer(CLEVR_WORDS)
    return StableDiffusionInpaintPipeline(
        vae=load_autoencoder(settings.autoencoder),
        text_encoder=build_text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=build_unet(),
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def load_autoencoder(folder: Path) -> AutoencoderTiny:
    """A diffusers folder of an ``AutoencoderTiny``; BoxpaintError when it is none."""
    try:
        return AutoencoderTiny.from_pretrained(str(folder), local_files_only=True, use_safetensors=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise BoxpaintError(
            f"the autoencoder cannot be loaded: {str(error).splitlines()[0]}", "model", file=str(folder)
        ) from error


def load_as(kind: Any, folder: Path) -> Any:
    """The pipeline in a folder, as a class of diffusers, without a safety checker.

    Raises:
        BoxpaintError: It cannot be loaded.
    """
    try:
        return kind.from_pretrained(
            str(folder), local_files_only=True, use_safetensors=True, safety_checker=None, requires_safety_checker=False
        )
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise BoxpaintError(
            f"the pipeline cannot be loaded: {str(error).splitlines()[0]}", "model", file=str(folder)
        ) from error


def _loaded(folder: Path) -> StableDiffusionInpaintPipeline:
    pipeline = load_as(StableDiffusionInpaintPipeline, folder)
    channels, latent = pipeline.unet.config.in_channels, pipeline.vae.config.latent_channels
    if channels != 2 * latent + 1:
        raise BoxpaintError(
            f"its U-Net takes {channels} channels, not the {2 * latent + 1} of inpainting.",
            "model",
            file=str(folder),
            hint="Start from an inpainting pipeline, such as SD 1.5 inpainting.",
        )
    return pipeline.to(torch.float32)


class InpainterTask:
    """The loss of the published tasks on latents; see ``engine.training.loop.Task``."""

    kind = "inpainter"

    def __init__(
        self,
        settings: InpainterSettings,
        pictures: Pictures,
        pipeline: StableDiffusionInpaintPipeline,
        accelerator: Accelerator,
    ) -> None:
        self.settings = settings
        self.device = accelerator.device
        self.pipeline = pipeline
        self.views: tuple[View, ...] = ZOOM_VIEWS if settings.views == "zoom" else PUBLISHED_VIEWS
        labels = [FOREGROUND_CAPTION.format(label) for label in pictures.labels]
        self.captions = ["", BACKGROUND_CAPTION, *labels]
        self.token_ids = token_ids(pipeline.tokenizer, self.captions).to(self.device)
        pipeline.vae.requires_grad_(False).to(self.device).eval()
        self.encoder = Encoder(pipeline.vae, self.captions)
        self.working = int(pipeline.unet.config.sample_size) * self.encoder.factor
        both = [*pictures.train, *(picture.flipped() for picture in pictures.train)]
        # Alternating, so that whatever takes the first pictures sees both directions.
        self.source = SampleSource(
            [both[i // 2 + (i % 2) * len(pictures.train)] for i in range(len(both))], settings.seed
        )
        self.held_out = pictures.held_out or pictures.train
        self.diffusion = Diffusion(pipeline.scheduler, settings.snr_limit, self.device)
        self.order = suit_training(pipeline.unet, accelerator)
        self.modules: dict[str, nn.Module] = {
            "unet": accelerator.prepare_model(pipeline.unet),
            "text_encoder": accelerator.prepare_model(pipeline.text_encoder.to(self.device)),
        }
        self.pool: list[Batch] = []
        if settings.pool:
            self.pool = fill_pool(self.source, self.encoder, self.views, settings.pool, self.working)

    def draw(self, rng: np.random.Generator) -> tuple[Mapping[str, Any], int]:
        """A batch of one view; larger pictures come in smaller batches, so that every step costs about the same."""
        view = self._draw_view(rng)
        chosen = self.views[view]
        count = max(1, int(self.settings.batch / chosen.scale**2 + _BATCH_ROUNDING))
        if self.pool:
            index = torch.from_numpy(rng.integers(len(self.pool[view].captions), size=count))
            batch = self.pool[view].pick(index)
        else:
            numbers = rng.integers(2**31, size=count)
            samples = [self.source.sample(self.views, view, int(number), self.working) for number in numbers]
            batch = self.encoder.encode(samples).pick(torch.arange(count))
        dropped = torch.from_numpy(rng.random(count) < self.settings.empty_captions)
        batch.captions = torch.where(dropped, 0, batch.captions)
        return {"batch": batch}, count

    def _draw_view(self, rng: np.random.Generator) -> int:
        foreground = rng.random() < self.settings.foreground_ratio
        indices = [index for index, view in enumerate(self.views) if view.foreground == foreground]
        shares = np.array([self.views[index].share for index in indices])
        return int(rng.choice(indices, p=shares / shares.sum()))

    def loss(self, batch: Mapping[str, Any], generator: torch.Generator) -> Tensor:
        """Weighted square error of what the scheduler's ``prediction_type`` says the network predicts."""
        drawn: Batch = batch["batch"]
        clean, masked, mask = (part.to(self.device) for part in (drawn.clean, drawn.masked, drawn.mask))
        steps, noisy, wanted, weight = self.diffusion.draw(clean, generator)
        inputs = torch.cat([noisy, mask, masked], 1).contiguous(memory_format=self.order)
        captions, inverse = drawn.captions.to(self.device).unique(return_inverse=True)
        text = self.modules["text_encoder"](self.token_ids[captions])[0][inverse]
        output = self.modules["unet"](inputs, steps, text).sample
        outside = self.settings.outside_weight
        near, told = drawn.near.to(self.device), drawn.told.to(self.device)
        weight = (outside + (1 - outside) * near) * told * weight
        return ((output.float() - wanted).square() * weight).mean()

    def sheet(self) -> Image.Image:
        """Held-out targets above what the pipeline paints in their place: objects first, then backgrounds."""
        samples = self.sheet_samples()
        return pair_sheet([(sample.target, self.paint(sample, number)) for number, sample in enumerate(samples)])

    def sheet_samples(self) -> list[Sample]:
        """The same held-out samples at every call."""
        rng = np.random.default_rng(self.settings.seed)
        chosen = []
        for foreground, count in ((True, _SHEET_OBJECTS), (False, _SHEET_SCENES)):
            view = next(view for view in self.views if view.foreground == foreground)
            usable = [picture for picture in self.held_out if picture.boxes] or list(self.held_out)
            for number in range(count):
                picture = usable[number % len(usable)]
                target = (int(rng.integers(len(picture.boxes))),) if foreground else ()
                chosen.append(view.draw(picture, *target, round(self.working * view.scale), rng))
        return chosen

    @torch.inference_mode()
    def paint(self, sample: Sample, seed: int) -> np.ndarray:
        """What the stock pipeline paints for a sample: uint8 array of the target's shape."""
        self.pipeline.set_progress_bar_config(disable=True)
        side = sample.target.shape[0]
        picture = self.pipeline(
            prompt=sample.caption,
            image=Image.fromarray(sample.target),
            mask_image=Image.fromarray(sample.mask * np.uint8(255)),
            height=side,
            width=side,
            num_inference_steps=SHEET_STEPS,
            guidance_scale=SHEET_GUIDANCE,
            generator=torch.Generator().manual_seed(seed),
        ).images[0]
        return np.asarray(picture)
