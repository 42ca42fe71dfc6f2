"""What is known of each class of diffusers pipeline: what it is for, how it is called, and which methods it fits.

One value per class; nothing else in the program asks a pipeline for the name of its class. Facts are read off the
pipelines of diffusers 0.42.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Task = Literal["inpainting", "text-to-image", "grounding", "grounded-inpainting", "segmentation"]
"""What a pipeline takes besides a text: a picture and a mask; nothing; phrases with boxes; phrases with boxes and the
picture that they are painted on; a picture of coloured classes."""

TASK_WORDS: dict[Task, str] = {
    "inpainting": "inpainting",
    "text-to-image": "painting from text alone",
    "grounding": "painting from text and boxes",
    "grounded-inpainting": "painting boxes on a picture",
    "segmentation": "painting from a picture of classes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A class of diffusers pipelines.

    Attributes:
        pipeline_class: Its name in diffusers.
        title: Its name for people.
        task: What it is for.
        methods: The built-in methods that it fits, the usual one first.
        channels: Input channels of the U-Net that tell this family from another of the same class; None where none do.
        size: Latents a side for which it was made, where its configuration does not say.
        patch: Latents a side that its network takes as one.
        packed: Whether its latents are rows of such patches, (N, patches, patch² · C), instead of pictures.
        strength: The pipeline's default for ``strength``; None where it takes none. Below 1 the first denoising steps
            are left out.
        flow: Whether it is a flow-matching model, which only schedulers of that kind fit.
        step_callback: Whether ``callback_on_step_end`` is supported; the others take the older ``callback``.
        tokenizer: Which of its tokenizers counts how long a prompt may be.
        loras: Whether its pipelines take LoRA files.
        together: Whether it takes lists of prompts, pictures, masks and generators, and treats each picture as if it
            were alone.
        texts: Whether ``encode_prompt`` gives the embeddings that the pipeline takes in place of a prompt.
        global_noise: Whether a part of its noise comes from torch's global generator, whatever generator it is given.
    """

    pipeline_class: str
    title: str
    task: Task
    methods: tuple[str, ...]
    channels: int | None = None
    size: int = 64
    patch: int = 1
    packed: bool = False
    strength: float | None = None
    flow: bool = False
    step_callback: bool = True
    tokenizer: str = "tokenizer"
    loras: bool = True
    together: bool = False
    texts: bool = False
    global_noise: bool = False


INPAINTING = ("iterinpaint", "iterinpaint-parallel")
TEXT = ("text-only", "reco", "ldm")

FAMILIES: tuple[Family, ...] = (
    Family(
        pipeline_class="StableDiffusionInpaintPipeline",
        title="Stable Diffusion 1 and 2, inpainting",
        task="inpainting",
        methods=INPAINTING,
        strength=1.0,
        together=True,
        texts=True,
    ),
    Family(
        pipeline_class="StableDiffusionXLInpaintPipeline",
        title="Stable Diffusion XL, inpainting",
        task="inpainting",
        methods=INPAINTING,
        size=128,
        strength=0.9999,
        together=True,
        texts=True,
    ),
    Family(
        pipeline_class="FluxFillPipeline",
        title="FLUX.1 Fill",
        task="inpainting",
        methods=INPAINTING,
        size=128,
        patch=2,
        packed=True,
        strength=1.0,
        flow=True,
        tokenizer="tokenizer_2",  # the first one's encoder gives a summary alone, of what it reads
    ),
    Family(
        pipeline_class="StableDiffusionPipeline",
        title="Stable Diffusion 1 and 2",
        task="text-to-image",
        methods=TEXT,
        texts=True,
    ),
    Family(
        pipeline_class="StableDiffusionXLPipeline",
        title="Stable Diffusion XL",
        task="text-to-image",
        methods=TEXT,
        size=128,
        texts=True,
    ),
    Family(
        pipeline_class="StableDiffusionGLIGENPipeline",
        title="GLIGEN",
        task="grounding",
        methods=("gligen",),
        channels=4,
        step_callback=False,
        loras=False,
        global_noise=True,
    ),
    Family(
        pipeline_class="StableDiffusionGLIGENPipeline",
        title="GLIGEN, inpainting",
        task="grounded-inpainting",
        methods=("gligen-inpaint",),
        channels=9,
        step_callback=False,
        loras=False,
        global_noise=True,
    ),
    Family(
        pipeline_class="StableDiffusionControlNetPipeline",
        title="Stable Diffusion 1 and 2 with a ControlNet",
        task="segmentation",
        methods=("controlnet-seg",),
    ),
)


def find_family(pipeline_class: str, channels: int | None = None) -> Family | None:
    """The family of a pipeline class whose U-Net has so many input channels; None where it is not known."""
    for family in FAMILIES:
        if family.pipeline_class == pipeline_class and family.channels in (None, channels):
            return family
    return None


def spatial(family: Family, latents: Any, size: tuple[int, int], scale: int) -> Any:
    """Latents as pictures (N, C, H, W), whatever the family's network works on.

    Args:
        family: Whose latents they are.
        latents: As the pipeline tells them.
        size: Width and height of the picture in pixels.
        scale: Pixels a side of one latent.
    """
    if not family.packed:
        return latents
    patch = family.patch
    rows, columns = size[1] // (scale * patch), size[0] // (scale * patch)
    count, _, depth = latents.shape
    channels = depth // patch**2
    grid = latents.reshape(count, rows, columns, channels, patch, patch)
    return grid.permute(0, 3, 1, 4, 2, 5).reshape(count, channels, rows * patch, columns * patch)
