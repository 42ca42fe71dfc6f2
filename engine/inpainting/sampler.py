"""One call of a diffusers pipeline: the sampler round it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from PIL import Image

from engine.errors import BoxpaintError
from engine.inpainting.safety import checker_state, looking_away, refuse_blanked
from engine.inpainting.settings import GenerationSettings
from engine.models.card import ModelCard
from engine.models.families import Family, spatial
from engine.models.loading import LoadedModel
from engine.models.lora import check_loras, use_loras
from engine.models.placement import DEVICE
from engine.models.quantizing import check_quantize
from engine.models.tuning import compile_mode

_FEW_STEPS = {"lcm": 50, "tcd": 50}
"""Schedulers that skip within so many steps of the usual ones (diffusers' ``original_inference_steps``)."""

_SMALL_WINDOW = 128
"""Side in pixels below which windows have so few latents that channels last are slower in bfloat16 on a CPU."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the model is given for one picture: paint ``mask`` (L, 255 = paint), seeing ``context`` (RGB) elsewhere.

    Both are of one size, whose sides are multiples of the model's ``size_multiple``. ``seed`` is that of this
    picture's noise alone; None draws from torch's global generator.
    """

    prompt: str
    context: Image.Image
    mask: Image.Image
    seed: int | None


@dataclass(frozen=True, slots=True)
class Iteration:
    """A denoising step was done.

    Attributes:
        number: Its number, from 1.
        pictures: Which of the call's pictures it concerns, from 0.
        latents: Those pictures' latents as they are now (N, C, H, W).
    """

    number: int
    pictures: range
    latents: Any


OnIteration = Callable[[Iteration], None]
"""Told after every denoising step; raising from it ends the call (that is how a run is cancelled)."""


class Sampler:
    """Paints with one loaded pipeline, scheduler, number of steps and guidance scale.

    ``iterations`` is how many denoising steps a call will report; some schedulers take one more than asked for.
    """

    def __init__(
        self,
        model: LoadedModel,
        *,
        scheduler: str,
        steps: int,
        guidance: float,
        checker: str = "none",
        weights: Hashable = (),
    ) -> None:
        self.model = model
        self.steps = steps
        self.guidance = guidance
        self._checker = checker
        self._weights = weights
        self._pipeline = model.pipeline
        self._family = model.card.family
        self._scheduler = make_scheduler(scheduler, model.pipeline.scheduler)
        self.iterations = _count_iterations(self._family, make_scheduler(scheduler, model.pipeline.scheduler), steps)

    def paint(self, inputs: Sequence[Inputs], on_iteration: OnIteration) -> list[Image.Image]:
        """Paint pictures of one size; together, as far as the pipeline and the device's memory allow.

        Args:
            inputs: One or more, all of one size.
            on_iteration: Told after every denoising step of every call that this takes.

        Returns:
            The pipeline's whole result for each of the inputs, of their size.

        Raises:
            BoxpaintError: Out of memory even for one picture, or the result is not a number (NaN).
        """
        painted: list[Image.Image] = []
        most = self.model.batches
        while len(painted) < len(inputs):
            part = range(len(painted), min(len(painted) + self.most_pictures, len(inputs)))
            try:
                painted += self._paint_part(inputs[part.start : part.stop], part, on_iteration)
            except BoxpaintError as error:
                if error.kind != "memory" or len(part) == 1:
                    raise
                most.too_many(len(part))
        return painted

    @property
    def most_pictures(self) -> int:
        """How many pictures one call paints at most, as far as is known."""
        return self.model.batches.most if self._family.together else 1

    def _paint_part(self, inputs: Sequence[Inputs], part: range, on_iteration: OnIteration) -> list[Image.Image]:
        if len(inputs) == 1:
            (one,) = inputs
            seeds: int | list[int] | None = one.seed
            pictures: dict[str, Any] = {"prompt": one.prompt, "image": one.context, "mask_image": one.mask}
        else:
            seeds = [one.seed for one in inputs if one.seed is not None]
            assert len(seeds) == len(inputs), "pictures without seeds share one noise stream: one at a time"
            pictures = {
                "prompt": [one.prompt for one in inputs],
                "image": [one.context for one in inputs],
                "mask_image": [one.mask for one in inputs],
            }
        size = inputs[0].context.size
        return self.call(size=size, seed=seeds, on_iteration=on_iteration, pictures=part, **pictures)

    def call(
        self,
        *,
        size: tuple[int, int],
        seed: int | list[int] | None,
        on_iteration: OnIteration,
        pictures: range = range(1),
        **inputs: Any,
    ) -> list[Image.Image]:
        """One call of the pipeline with these ``inputs`` (prompts, pictures …) and one seed per picture.

        ``pictures`` says which ones these are, for ``on_iteration``. Raises as ``paint`` does, also when memory is
        only short for so many.
        """
        what = f"painting {size[0]}×{size[1]} pixels"
        attempt = partial(self._call, size, seed, on_iteration, pictures, inputs)
        if len(pictures) > 1:
            return self.model.placing.once(attempt, what)
        # One picture cannot be made fewer: it is painted again with less on the device, and counts from 1 again.
        return self.model.placing.within_memory(attempt, what)

    def _call(
        self,
        size: tuple[int, int],
        seed: int | list[int] | None,
        on_iteration: OnIteration,
        pictures: range,
        inputs: Mapping[str, Any],
    ) -> list[Image.Image]:
        import torch

        width, height = size
        pipeline = self._pipeline
        own_scheduler, pipeline.scheduler = pipeline.scheduler, self._scheduler

        def after_step(_: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            latents = tensors["latents"]
            if not bool(torch.isfinite(latents).all()):
                raise self._overflowed(f"at denoising step {index + 1}")
            shown = spatial(self._family, latents, size, pipeline.vae_scale_factor)
            on_iteration(Iteration(index + 1, pictures, shown))
            return tensors

        try:
            with _seeded_globally(self._family, seed), looking_away(pipeline, self._checker), self._decoded():
                output = pipeline(
                    **self._with_texts(inputs),
                    width=width,
                    height=height,
                    num_inference_steps=self.steps,
                    guidance_scale=self.guidance,
                    generator=_generators(seed),
                    **_callback(self._family, after_step),
                )
            refuse_blanked(output)
            return list(output.images)
        finally:
            pipeline.scheduler = own_scheduler
            # diffusers frees its offloading hooks only when a call returns normally.
            pipeline.maybe_free_model_hooks()

    @contextmanager
    def _decoded(self) -> Iterator[None]:
        """Refuse decoded pictures that are no numbers: the pipeline would make them black."""
        import torch

        def check(_: Any, __: Any, decoded: Any) -> None:
            if isinstance(decoded, torch.Tensor) and not bool(torch.isfinite(decoded).all()):
                raise self._overflowed("when the picture was decoded")

        decoder = getattr(getattr(self._pipeline, "vae", None), "decoder", None)
        hook = decoder.register_forward_hook(check) if decoder is not None else None
        try:
            yield
        finally:
            if hook is not None:
                hook.remove()

    def _overflowed(self, when: str) -> BoxpaintError:
        return BoxpaintError(
            f"the model's numbers overflowed {when}.",
            "model",
            file=str(self.model.card.folder),
            hint="Use --precision fp32 or bf16.",
        )

    def _with_texts(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """The inputs with embeddings in place of prompts, where the pipeline takes them."""
        if not self._family.texts or "prompt" not in inputs:
            return inputs
        prompt = inputs["prompt"]
        guided = is_guided(self._pipeline, self.guidance)
        prompts = [prompt] if isinstance(prompt, str) else prompt
        others = {name: value for name, value in inputs.items() if name != "prompt"}
        self.model.texts.for_weights((self._weights, self._pipeline.tokenizer.model_max_length))
        return {**others, **self.model.texts.arguments(self._pipeline, prompts, guided=guided)}


def _generators(seed: int | list[int] | None) -> Any:
    """The noise of each picture, drawn on the CPU, so that a seed gives the same picture whatever the device."""
    import torch

    if isinstance(seed, list):
        return [torch.Generator("cpu").manual_seed(one) for one in seed]
    return None if seed is None else torch.Generator("cpu").manual_seed(seed)


def make_sampler(settings: GenerationSettings, model: LoadedModel) -> Sampler:
    """The sampler for these settings, with the model card's defaults for what they leave open.

    The model gets the settings' LoRAs, and loses those of an earlier run.
    """
    _tune(settings, model)
    return Sampler(
        model,
        scheduler=settings.scheduler,
        steps=settings.steps if settings.steps is not None else model.card.steps,
        guidance=settings.guidance if settings.guidance is not None else model.card.guidance,
        checker=checker_state(settings, model.card),
        weights=use_loras(model.pipeline, settings.loras),
    )


def _tune(settings: GenerationSettings, model: LoadedModel) -> None:
    """Let the network compute as fast as the settings allow; for ``reference`` just as diffusers made it."""
    own = settings.pixels == "exact"
    guidance = settings.guidance if settings.guidance is not None else model.card.guidance
    compiled = compile_mode(model.device, guided=guidance > 1) if own and settings.compile == "on" else None
    last = _channels_last(settings, model) if own else frozenset()
    shared = own and is_guided(model.pipeline, guidance)
    model.tuning.use(model.pipeline, channels_last=last, shared=shared, compiled=compiled, device=model.device)


def is_guided(pipeline: Any, guidance: float) -> bool:
    """Whether each call asks the network twice, as the pipelines with a U-Net decide it: one that is told the guidance
    scale needs no second, unguided answer."""
    return hasattr(pipeline, "unet") and guidance > 1 and pipeline.unet.config.time_cond_proj_dim is None


def _channels_last(settings: GenerationSettings, model: LoadedModel) -> frozenset[str]:
    """The parts of the pipeline that compute faster with their channels last."""
    # Weights that come and go have to keep the order in which they are copied.
    if model.placing.placement != DEVICE or model.device not in ("cpu", "cuda"):
        return frozenset()
    zoomed = (settings.area or model.card.area) == "zoom"
    if model.device == "cpu" and model.precision == "bf16" and zoomed and model.card.working_sizes[-1] < _SMALL_WINDOW:
        return frozenset({"vae"})
    return frozenset({"unet", "vae"})


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
        # For models or LoRAs that were distilled to few steps: with others they paint poorly.
        "lcm": diffusers.LCMScheduler,
        "tcd": diffusers.TCDScheduler,
    }
    return classes[name].from_config(own.config)


def check_sampling(settings: GenerationSettings, card: ModelCard) -> None:
    """Refuse settings that the model cannot be called with.

    Raises:
        BoxpaintError: The scheduler is not for flow-matching models, no step would be left, a LoRA file is not one,
            the safety checker that is asked for is not there, or the weights cannot be quantised.
    """
    family = card.family
    check_loras(settings.loras, card)
    check_quantize(settings.quantize, card.folder, loras=bool(settings.loras))
    checker_state(settings, card)
    if settings.scheduler != "model" and family.flow:
        raise BoxpaintError(
            f"{family.title} is a flow-matching model: the scheduler {settings.scheduler} is not for it.",
            "settings",
            field="scheduler",
            hint="Use --scheduler model.",
        )
    steps = settings.steps if settings.steps is not None else card.steps
    if settings.scheduler in _FEW_STEPS and steps > _FEW_STEPS[settings.scheduler]:
        most = _FEW_STEPS[settings.scheduler]
        raise BoxpaintError(
            f"the scheduler {settings.scheduler} is for few denoising steps: {steps} are more than its {most}.",
            "settings",
            field="steps",
            hint="4 to 8 are usual.",
        )
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
def _seeded_globally(family: Family, seed: int | list[int] | None) -> Iterator[None]:
    """Let a call's noise follow its seed alone where the pipeline draws a part of it from torch's global generator."""
    import torch

    if seed is None or not family.global_noise:
        yield
        return
    assert isinstance(seed, int), "such pipelines paint one picture at a time"
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
