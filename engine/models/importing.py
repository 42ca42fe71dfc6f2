"""Taking in a folder that diffusers or transformers saved: its text, its safetensors, and pickled weights converted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from engine.files import write_json
from engine.models.checking import check_folder
from engine.models.choosing import INDEX, Choice, choose
from engine.models.fetching import read_card_facts, read_json_object, refuse_findings, refuse_serious
from engine.models.installed import CARD, copy_safe_files, install
from engine.models.pickles import to_safetensors


def import_folder(source: Path, name: str, note: Callable[[str], object]) -> tuple[Path, list[str]]:
    """Copy a folder's safe files to the user's models; the new folder, and the names of the files that were left out.

    A part of which there are only pickled weights gets safetensors made of them; a half precision variant that is the
    only one becomes the weights. A U-Net that takes a mask makes an inpainting pipeline, whatever class it was saved
    with.

    Raises:
        BoxpaintError: It cannot be used, or the name is taken.
    """
    weights = _weights(source)
    taken = {choice.source for choice in weights}
    parts = {PurePosixPath(path).parent.as_posix() for path in taken} | ({"model.safetensors"} if weights else set())
    # Said before gigabytes are copied; what converting mends is no reason to refuse.
    refuse_findings([finding for finding in check_folder(source) if finding.file not in parts], str(source))
    left_out: list[str] = []

    def fill(staging: Path) -> None:
        left_out.extend(path for path in copy_safe_files(source, staging) if path not in taken)
        for choice in weights:
            if choice.pickled:
                note(f"converting {choice.source} to safetensors")
                original = source / choice.source
                to_safetensors(original, staging / choice.target, shown=str(original))
            else:
                (staging / choice.source).rename(staging / choice.target)
        if inpaints(staging):
            index = read_json_object(staging / INDEX, str(source))
            write_json(staging / INDEX, {**index, "_class_name": "StableDiffusionInpaintPipeline"})
            note("its U-Net takes a mask: it is used as an inpainting pipeline")
        refuse_serious(staging, str(source))
        kind = "pipeline" if (staging / INDEX).is_file() else "detector"
        write_json(staging / CARD, {"schema_version": 1, "kind": kind, **read_card_facts(staging), "name": name})

    return install(name, fill), left_out


def inpaints(folder: Path) -> bool:
    """Whether a pipeline is plain Stable Diffusion by its name, but of a U-Net that takes a mask and a picture.

    The published IterInpaint checkpoints were saved like that.
    """
    if not (folder / INDEX).is_file() or not (folder / "unet" / "config.json").is_file():
        return False
    index = read_json_object(folder / INDEX, str(folder))
    channels = read_json_object(folder / "unet" / "config.json", str(folder)).get("in_channels")
    return index.get("_class_name") == "StableDiffusionPipeline" and channels == 9


def _weights(source: Path) -> list[Choice]:
    """The weights that are needed but do not lie there under the name and in the form that loading asks for."""
    root = source.resolve()
    names = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and path.resolve().is_relative_to(root)
    ]
    index = read_json_object(source / INDEX, str(source)) if INDEX in names else None
    return [choice for choice in choose(names, index, half=False) if choice.source != choice.target]
