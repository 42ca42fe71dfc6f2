"""Published models that can be fetched by name, with their published settings (FORMATS, sections 2 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedModel:
    """A model on the hub.

    Attributes:
        name: What ``boxpaint models fetch`` takes; its folder has this name too.
        repository: ``owner/name`` on the hub.
        about: What it is for.
        card: Content of ``boxpaint.json`` beside name and kind: prompts and default settings.
        gated: Whether the hub asks for an account that accepted its terms.
    """

    name: str
    repository: str
    about: str
    card: Mapping[str, Any] = field(default_factory=dict)
    gated: bool = False


_CLEVR = {
    "size": [512, 512],
    "defaults": {"steps": 50, "guidance": 4.0, "area": "full"},
    "prompts": {"foreground": "Add {object}", "background": "Add gray background"},
    "vocabulary": "clevr-48",
}
_COCO = {
    "size": [512, 512],
    "defaults": {"steps": 50, "guidance": 7.5, "area": "full"},
    "prompts": {"foreground": "{caption}; Add {object}", "background": "Add background"},
}
_PLAIN = {
    "size": [512, 512],
    "defaults": {"steps": 50, "guidance": 7.5, "area": "full"},
    "prompts": {"foreground": "{object}", "background": "{caption}"},
}

PUBLISHED: tuple[PublishedModel, ...] = (
    PublishedModel(
        name="iterinpaint-clevr",
        repository="j-min/IterInpaint-CLEVR",
        about="the paper's model for CLEVR and LayoutBench",
        card=_CLEVR,
    ),
    PublishedModel(
        name="iterinpaint-coco",
        repository="j-min/iterinpaint_sd15inpaint_coco",
        about="the paper's model for everyday objects (LayoutBench-COCO)",
        card=_COCO,
    ),
    PublishedModel(
        name="reco-coco",
        repository="j-min/reco_sd14_coco",
        about="ReCo, one call per picture (LayoutBench-COCO)",
        card={"size": [512, 512], "defaults": {"method": "reco", "steps": 50, "guidance": 7.5, "area": "full"}},
    ),
    PublishedModel(
        name="sd15-inpainting",
        repository="stable-diffusion-v1-5/stable-diffusion-inpainting",
        about="Stable Diffusion 1.5 for inpainting, anything in English",
        card=_PLAIN,
    ),
    PublishedModel(
        name="sdxl-inpainting",
        repository="diffusers/stable-diffusion-xl-1.0-inpainting-0.1",
        about="Stable Diffusion XL for inpainting, larger and slower",
        card={**_PLAIN, "size": [1024, 1024]},
    ),
)
"""Revisions are chosen at the time of fetching and recorded: none could be checked when this was written."""
