"""The published loop, written down anew round a bare diffusers pipeline: what Boxpaint's speed is compared with.

One call per box on the whole picture, one picture at a time, everything computed each time (j-min/IterInpaint, as the
procedure is described in arXiv 2304.06671, section 4). Nothing of the program's own path is used, so that it gains by
none of it.
"""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageChops, ImageDraw

from engine.layout import Layout
from engine.models.card import ModelCard


def paint_as_published(
    pipeline: Any, layout: Layout, card: ModelCard, *, size: tuple[int, int], seed: int, steps: int, guidance: float
) -> Image.Image:
    """The finished picture of a layout.

    Args:
        pipeline: A diffusers inpainting pipeline.
        layout: What to paint; hidden objects are left out.
        card: Names the prompts.
        size: Width and height of the picture in pixels.
        seed: Of torch's global generator.
        steps, guidance: As the pipeline takes them.
    """
    import torch

    torch.manual_seed(seed)
    width, height = size

    def call(prompt: str, mask: Image.Image, context: Image.Image) -> Image.Image:
        painted: Image.Image = pipeline(
            prompt=prompt,
            image=context,
            mask_image=mask,
            width=width,
            height=height,
            num_inference_steps=steps,
            guidance_scale=guidance,
        ).images[0]
        return painted

    context = Image.new("RGB", size)
    covered = Image.new("L", size, 0)
    for item in layout.objects:
        if item.hidden:
            continue
        x0, y0, x1, y1 = item.box.truncated(width, height)
        mask = Image.new("L", size, 0)
        for picture in (mask, covered):
            ImageDraw.Draw(picture).rectangle((x0, y0, x1, y1), fill=255)
        prompt = card.foreground_prompt.replace("{caption}", layout.caption).replace("{object}", item.prompt)
        crop = call(prompt, mask, context).crop((x0, y0, x1, y1)).resize((x1 - x0 + 2, y1 - y0 + 2))
        context = context.copy()
        context.paste(crop, (x0 - 1, y0 - 1))
    return call(card.background_prompt.replace("{caption}", layout.caption), ImageChops.invert(covered), context)
