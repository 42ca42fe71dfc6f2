"""One call of a diffusers pipeline: the sampler round it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image

from engine.errors import BoxpaintError
from engine.inpainting.safety import checker_state, looking_away, refuse_blanked
from engine.inpainting.settings import GenerationSettings
from engine.models.card import ModelCard
from engine.models.families import Family, spatial
from engine.models.loading import LoadedModel
from engine.models.lora import check_loras, use_loras


@dataclass(frozen=True, slots=True)
class Iteration:
    """A denoising step was done: its number from 1, and the latents as they are now (N, C, H, W)."""

    number: int
    latents: Any


OnIteration = Callable[[Iteration], None]
"""Told after every denoising step; raising from it ends the call (that is how a run is cancelled)."""


class Sampler:
    """Paints with one loaded pipeline, scheduler, number of steps and guidance scale.

    ``iterations`` is how many denoising steps a call will report; some schedulers take one more than asked for.
    """

    def __init__(
        self, model: LoadedModel, *, scheduler: str, steps: int, guidance: float, checker: str = "none"
    ) -> None:
        self.model = model
        self.steps = steps
        self.guidance = guidance
        self._checker = checker
        self._pipeline = model.pipeline
        self._family = model.card.family
        self._scheduler = make_scheduler(scheduler, model.pipeline.scheduler)
        self.iterations = _count_iterations(self._family, make_scheduler(scheduler, model.pipeline.scheduler), steps)

    def paint(
        self, *, prompt: str, context: Image.Image, mask: Image.Image, seed: int | None, on_iteration: OnIteration
    ) -> Image.Image:
        """Paint where ``mask`` (L, 255 = paint) is set, seeing ``context`` (RGB, same size) elsewhere.

        Args:
            prompt: What to paint.
            context: The picture so far; both sides are multiples of the model's ``size_multiple``.
            mask: Same size as the context.
            seed: Of this call's noise alone; None draws from torch's global generator.
            on_iteration: Told after every denoising step.

        Returns:
            The pipeline's whole result, same size as the context.

        Raises:
            BoxpaintError: Out of memory, or the result is not a number (NaN).
        """
        inputs = {"prompt": prompt, "image": context, "mask_image": mask}
        return self.call(size=context.size, seed=seed, on_iteration=on_iteration, **inputs)

    def call(self, *, size: tuple[int, int], seed: int | None, on_iteration: OnIteration, **inputs: Any) -> Image.Image:
        """One call of the pipeline with these ``inputs`` (prompt, pictures …), as ``paint`` describes."""
        import torch

        # Noise is drawn on the CPU, so that a seed gives the same picture whatever the device.
        generator = None if seed is None else torch.Generator("cpu").manual_seed(seed)
        width, height = size
        pipeline = self._pipeline
        own_scheduler, pipeline.scheduler = pipeline.scheduler, self._scheduler

        def after_step(_: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            latents = tensors["latents"]
            if not bool(torch.isfinite(latents).all()):
                raise BoxpaintError(
                    f"the model's numbers overflowed at denoising step {index + 1}.",
                    "model",
                    file=str(self.model.card.folder),
                    hint="Use --precision fp32 or bf16.",
                )
            on_iteration(Iteration(index + 1, spatial(self._family, latents, size, pipeline.vae_scale_factor)))
            return tensors

        try:
            with _seeded_globally(self._family, seed), looking_away(pipeline, self._checker):
                output = pipeline(
                    **inputs,
                    width=width,
                    height=height,
                    num_inference_steps=self.steps,
                    guidance_scale=self.guidance,
                    generator=generator,
                    **_callback(self._family, after_step),
                )
            refuse_blanked(output)
            return output.images[0]
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise BoxpaintError(
                f"the {self.model.device} device ran out of memory while painting {width}×{height} pixels.",
                "memory",
                hint="Choose a smaller --size, --precision fp16, or --area zoom.",
            ) from error
        finally:
            pipeline.scheduler = own_scheduler
            # diffusers frees its offloading hooks only when a call returns normally.
            pipeline.maybe_free_model_hooks()


def make_sampler(settings: GenerationSettings, model: LoadedModel) -> Sampler:
    """The sampler for these settings, with the model card's defaults for what they leave open.

    The model gets the settings' LoRAs, and loses those of an earlier run.
    """
    use_loras(model.pipeline, settings.loras)
    return Sampler(
        model,
        scheduler=settings.scheduler,
        steps=settings.steps if settings.steps is not None else model.card.steps,
        guidance=settings.guidance if settings.guidance is not None else model.card.guidance,
        checker=checker_state(settings, model.card),
    )


def make_scheduler(name: str, own: Any) -> Any:
    """The scheduler of this name with the noise schedule of the pipeline's ``own``, which stays untouched."""
    import diffusers

    classes = {
        "model": type(own),
        "ddim": diffusers.DDIMScheduler,
        "dpm++": diffusers.DPMSolverMultistepScheduler,
        "euler": diffusers.EulerDiscreteScheduler,
        "pndm": diffusers.PNDMScheduler,
        "unipc": diffusers.UniPCMultistepScheduler,
    }
    return classes[name].from_config(own.config)


def check_sampling(settings: GenerationSettings, card: ModelCard) -> None:
    """Refuse settings that the model cannot be called with.

    Raises:
        BoxpaintError: The scheduler is not for flow-matching models, no step would be left, a LoRA file is not one,
            or the safety checker that is asked for is not there.
    """
    family = card.family
    check_loras(settings.loras, card)
    checker_state(settings, card)
    if settings.scheduler != "model" and family.flow:
        raise BoxpaintError(
            f"{family.title} is a flow-matching model: the scheduler {settings.scheduler} is not for it.",
            "settings",
            field="scheduler",
            hint="Use --scheduler model.",
        )
    steps = settings.steps if settings.steps is not None else card.steps
    if family.strength is not None and int(steps * family.strength) < 1:
        raise BoxpaintError(
            f"{family.title} leaves out the first of its denoising steps: {steps} is too few.",
            "settings",
            field="steps",
            hint="Use at least 2.",
        )


def _count_iterations(family: Family, scheduler: Any, steps: int) -> int:
    """How many denoising steps a call will do, asked of a scheduler of its own: one at work would be reset."""
    if family.flow:
        return steps  # its time steps depend on the picture's size, their number does not
    scheduler.set_timesteps(steps)
    left_out = steps - int(steps * family.strength) if family.strength is not None else 0
    return len(scheduler.timesteps) - left_out * scheduler.order


def _callback(family: Family, after_step: Callable[[Any, int, Any, dict[str, Any]], Any]) -> dict[str, Any]:
    """The argument by which the family's pipelines tell of a denoising step."""
    if family.step_callback:
        return {"callback_on_step_end": after_step}
    return {"callback": lambda index, timestep, latents: after_step(None, index, timestep, {"latents": latents})}


@contextmanager
def _seeded_globally(family: Family, seed: int | None) -> Iterator[None]:
    """Let a call's noise follow its seed alone where the pipeline draws a part of it from torch's global generator."""
    import torch

    if seed is None or not family.global_noise:
        yield
        return
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
