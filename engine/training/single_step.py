"""Training of the single-step siblings: text-to-image pipelines that read the whole layout from their prompt.

They see the same pictures as the inpainting pipeline and take over what fits of its weights, so that a comparison of
the two is one of methods, not of data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from diffusers import AutoencoderTiny, StableDiffusionInpaintPipeline, StableDiffusionPipeline
from PIL import Image
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from engine.errors import BoxpaintError
from engine.inpainting.prompts import LDM_GRID, RECO_BINS, ldm_prompt, ldm_tokens, reco_prompt, reco_tokens
from engine.layout import Box, LayoutObject
from engine.layout.vocabulary import CLEVR_48
from engine.training.captions import CLEVR_WORDS, build_text_encoder, build_tokenizer, token_ids
from engine.training.data import Picture, Pictures
from engine.training.diffusion import Diffusion
from engine.training.inpainter import load_as, load_autoencoder
from engine.training.latents import Encoder
from engine.training.networks import build_scheduler, build_text_unet, suit_training
from engine.training.settings import SingleStepSettings
from engine.training.sheets import pair_sheet

MAX_OBJECTS = 16
LENGTHS = {"reco": 3 + 9 * MAX_OBJECTS, "ldm": 2 + 3 * MAX_OBJECTS}
"""Tokens that each form needs for 16 objects, the most in any split."""

SHEET_STEPS = 20
SHEET_GUIDANCE = 3.0

_SHEET_PICTURES = 6
_VISIBLE = 0.4
"""An object cut by a crop's edge is named when at least this share of its box is inside."""

_PROMPTS: dict[str, Callable[[Sequence[LayoutObject]], str]] = {
    "reco": lambda objects: reco_prompt("", objects),
    "ldm": lambda objects: ldm_prompt(objects, CLEVR_48),
}

_TOKENS = {"reco": reco_tokens(), "ldm": ldm_tokens(CLEVR_48)}
"""What each form adds to the words of a tokenizer."""


def start_single_step(settings: SingleStepSettings, folder: Path | None) -> StableDiffusionPipeline:
    """The pipeline to train.

    A sibling whose prompts have this form is taken as it is, whatever the side of its pictures. From any other
    pipeline, such as the built-in inpainting one, it takes the autoencoder and all weights that fit; from scratch
    only the autoencoder is given.

    Raises:
        BoxpaintError: There is no autoencoder to start from, or the folder is no pipeline.
    """
    if folder is None:
        if settings.autoencoder is None:
            raise BoxpaintError(
                "a pipeline from scratch needs a trained autoencoder.",
                "settings",
                field="autoencoder",
                hint="Train one with `boxpaint train autoencoder` and name its folder by --autoencoder.",
            )
        return _build(settings, load_autoencoder(settings.autoencoder))
    pipeline = _load(folder)
    if isinstance(pipeline, StableDiffusionPipeline) and _TOKENS[settings.prompt][0] in pipeline.tokenizer.get_vocab():
        pipeline.unet.register_to_config(sample_size=settings.side // 4)
        return pipeline
    built = _build(settings, pipeline.vae)
    _take_fitting(built.unet, pipeline.unet)
    _take_fitting(built.text_encoder, pipeline.text_encoder)
    _take_words(built, pipeline)
    return built


def _load(folder: Path) -> Any:
    index = folder / "model_index.json"
    inpaints = index.is_file() and "Inpaint" in index.read_text("utf-8")
    kind = StableDiffusionInpaintPipeline if inpaints else StableDiffusionPipeline
    return load_as(kind, folder).to(torch.float32)


def _build(settings: SingleStepSettings, autoencoder: AutoencoderTiny) -> StableDiffusionPipeline:
    tokenizer = build_tokenizer(CLEVR_WORDS, LENGTHS[settings.prompt])
    tokenizer.add_tokens(_TOKENS[settings.prompt])
    text_encoder = build_text_encoder(tokenizer)
    _arrange_places(text_encoder, tokenizer, settings.prompt)
    return StableDiffusionPipeline(
        vae=autoencoder,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=build_text_unet(latent=settings.side // 4),
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


@torch.no_grad()
def _arrange_places(text_encoder: CLIPTextModel, tokenizer: CLIPTokenizer, prompt: str) -> None:
    """Let coordinate tokens begin as waves of their coordinate: a thousand unrelated rows would each need examples."""
    table = text_encoder.get_input_embeddings().weight
    half = table.shape[1] // 2
    if prompt == "reco":
        rows = {token: _waves(index / RECO_BINS, 2 * half) for index, token in enumerate(reco_tokens())}
    else:
        places = ldm_tokens(CLEVR_48)[len(CLEVR_48) :]
        rows = {
            token: torch.cat([_waves(index % LDM_GRID / LDM_GRID, half), _waves(index // LDM_GRID / LDM_GRID, half)])
            for index, token in enumerate(places)
        }
    for token, row in rows.items():
        table[tokenizer.convert_tokens_to_ids(token)] = row * table.std() * 2**0.5


def _waves(coordinate: float, width: int) -> Tensor:
    """Sines and cosines (width,) of a coordinate in [0, 1], from half a wave to 64 waves across the picture."""
    angles = torch.pi * coordinate * torch.logspace(0, 7, width // 2, base=2)
    return torch.cat([angles.sin(), angles.cos()])


@torch.no_grad()
def _take_fitting(target: nn.Module, source: nn.Module) -> None:
    """Copy every weight of the same name and shape; of the first convolution the channels that are noisy latents."""
    given = source.state_dict()
    for name, tensor in target.state_dict().items():
        other = given.get(name)
        if other is None:
            continue
        if other.shape == tensor.shape:
            tensor.copy_(other)
        elif name == "conv_in.weight":
            tensor.copy_(other[:, : tensor.shape[1]])


@torch.no_grad()
def _take_words(target: StableDiffusionPipeline, source: Any) -> None:
    """Copy the embeddings of the words that both tokenizers know as one token."""
    table, given = (pipeline.text_encoder.get_input_embeddings().weight for pipeline in (target, source))
    known = source.tokenizer.get_vocab()
    for word, index in target.tokenizer.get_vocab().items():
        if word in known and table.shape[1] == given.shape[1]:
            table[index] = given[known[word]]


class SingleStepTask:
    """The loss of text-to-image diffusion on whole pictures; see ``engine.training.loop.Task``."""

    kind = "single-step"

    def __init__(
        self,
        settings: SingleStepSettings,
        pictures: Pictures,
        pipeline: StableDiffusionPipeline,
        accelerator: Accelerator,
    ) -> None:
        self.settings, self.pipeline = settings, pipeline
        self.device = accelerator.device
        unknown = sorted(set(pictures.labels) - set(CLEVR_48))
        if unknown:
            raise BoxpaintError(
                f"the label {unknown[0]!r} is none of the 48 CLEVR classes.",
                "input",
                field="label",
                hint="The single-step siblings are made for CLEVR scenes.",
            )
        self.held_out = [picture for picture in pictures.held_out or pictures.train if picture.boxes]
        pipeline.vae.requires_grad_(False).to(self.device).eval()
        self.encoder = Encoder(pipeline.vae, ())
        self.diffusion = Diffusion(pipeline.scheduler, settings.snr_limit, self.device)
        self.order = suit_training(pipeline.unet, accelerator)
        self.modules: dict[str, nn.Module] = {
            "unet": accelerator.prepare_model(pipeline.unet),
            "text_encoder": accelerator.prepare_model(pipeline.text_encoder.to(self.device)),
        }
        self.empty = token_ids(pipeline.tokenizer, [""])
        both = [*pictures.train, *(picture.flipped() for picture in pictures.train)]
        self.latents, self.weights, self.tokens = self._fill(both)

    def _fill(self, pictures: Sequence[Picture]) -> tuple[Tensor, Tensor, Tensor]:
        """Latents (N, C, h, w) and weights of the loss (N, 1, h, w), in half precision, and token ids (N, length)."""
        rng = np.random.default_rng([self.settings.seed, 2])
        order = np.concatenate([rng.permutation(len(pictures)) for _ in range(-(-self.settings.pool // len(pictures)))])
        latents, weights, prompts = [], [], []
        for start in range(0, self.settings.pool, 64):
            crops = [
                draw_crop(pictures[i], self.settings.side, rng) for i in order[: self.settings.pool][start : start + 64]
            ]
            stacked = torch.from_numpy(np.stack([crop for crop, _ in crops]))
            latents.append(self.encoder.latents(stacked.permute(0, 3, 1, 2).float() / 127.5 - 1.0))
            weights += [self._weights(objects) for _, objects in crops]
            prompts += [self._prompt(objects) for _, objects in crops]
        return torch.cat(latents), torch.stack(weights), token_ids(self.pipeline.tokenizer, prompts)

    def _weights(self, objects: Sequence[LayoutObject]) -> Tensor:
        side = self.settings.side // self.encoder.factor
        weights = torch.ones(1, side, side, dtype=torch.float16)
        for item in objects:
            x0, y0, x1, y1 = item.box.to_pixels(side, side)
            weights[:, y0:y1, x0:x1] = self.settings.object_weight
        return weights

    def _prompt(self, objects: Sequence[LayoutObject]) -> str:
        return _PROMPTS[self.settings.prompt](objects[:MAX_OBJECTS])

    def draw(self, rng: np.random.Generator) -> tuple[Mapping[str, Any], int]:
        """Latents and tokens of whole pictures."""
        index = torch.from_numpy(rng.integers(len(self.latents), size=self.settings.batch))
        dropped = torch.from_numpy(rng.random(self.settings.batch) < self.settings.empty_captions)
        tokens = torch.where(dropped[:, None], self.empty, self.tokens[index])
        batch = {"clean": self.latents[index].float(), "weights": self.weights[index].float(), "tokens": tokens}
        return batch, self.settings.batch

    def loss(self, batch: Mapping[str, Any], generator: torch.Generator) -> Tensor:
        """Weighted square error of what the scheduler's ``prediction_type`` says the network predicts."""
        clean, weights, tokens = (batch[name].to(self.device) for name in ("clean", "weights", "tokens"))
        steps, noisy, wanted, weight = self.diffusion.draw(clean, generator)
        text = self.modules["text_encoder"](tokens)[0]
        output = self.modules["unet"](noisy.contiguous(memory_format=self.order), steps, text).sample
        return ((output.float() - wanted).square() * weights * weight).mean()

    def sheet(self) -> Image.Image:
        """Held-out pictures above what is painted for their layouts."""
        rng = np.random.default_rng(self.settings.seed)
        pairs = []
        for number, picture in enumerate(self.held_out[:_SHEET_PICTURES]):
            target, objects = draw_crop(picture, self.settings.side, rng)
            pairs.append((target, self.paint(self._prompt(objects), number)))
        return pair_sheet(pairs)

    @torch.inference_mode()
    def paint(self, prompt: str, seed: int) -> np.ndarray:
        """What the stock pipeline paints: uint8 array (side, side, 3)."""
        self.pipeline.set_progress_bar_config(disable=True)
        picture = self.pipeline(
            prompt=prompt,
            height=self.settings.side,
            width=self.settings.side,
            num_inference_steps=SHEET_STEPS,
            guidance_scale=SHEET_GUIDANCE,
            generator=torch.Generator().manual_seed(seed),
        ).images[0]
        return np.asarray(picture)


def draw_crop(picture: Picture, side: int, rng: np.random.Generator) -> tuple[np.ndarray, list[LayoutObject]]:
    """A square crop of nearly the whole picture, uint8 (side, side, 3), and the objects seen in it in random order."""
    extent = round(min(picture.size) * float(rng.uniform(0.85, 1.0)))
    left, top = (int(rng.integers(0, whole - extent + 1)) for whole in picture.size)
    box = (left, top, left + extent, top + extent)
    crop = picture.image.resize((side, side), Image.Resampling.BICUBIC, box=box)
    objects = []
    for index, (x0, y0, x1, y1) in enumerate(picture.boxes):
        seen = (max(x0, left), max(y0, top), min(x1, box[2]), min(y1, box[3]))
        inside = max(seen[2] - seen[0], 0) * max(seen[3] - seen[1], 0)
        if seen[0] < seen[2] and seen[1] < seen[3] and inside >= _VISIBLE * (x1 - x0) * (y1 - y0):
            edges = ((seen[0] - left), (seen[1] - top), (seen[2] - left), (seen[3] - top))
            objects.append(LayoutObject(f"o{index}", picture.labels[index], Box(*(edge / extent for edge in edges))))
    rng.shuffle(objects)
    return np.asarray(crop), objects
