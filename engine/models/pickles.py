"""Pickled weights become safetensors: read with ``weights_only=True``, so that nothing in the file can run."""

from __future__ import annotations

from pathlib import Path

from engine.errors import BoxpaintError


def to_safetensors(source: Path, target: Path, *, shown: str) -> None:
    """Write the weights of a ``.bin`` as safetensors.

    Raises:
        BoxpaintError: It holds anything but weights, is broken, or the target cannot be written.
    """
    if not source.stat().st_size:
        hint = "Fetch or copy it again: the download or copy broke off."
        raise BoxpaintError("the file is empty.", "model", file=shown, hint=hint)
    # Loads slowly; most models come as safetensors and need none of it.
    import torch
    from safetensors.torch import save_file

    try:
        content = torch.load(source, map_location="cpu", weights_only=True, mmap=_is_zip(source))
    except Exception as error:  # torch reports what it cannot or will not read by a dozen exception types
        raise BoxpaintError(
            "the pickled weights hold something else than weights, which could run code, or are broken.",
            "model",
            file=shown,
            hint="They are not loaded. Ask the author for safetensors, or fetch the file again.",
        ) from error
    weights = content.get("state_dict", content) if isinstance(content, dict) else None
    if not isinstance(weights, dict) or not weights:
        raise BoxpaintError(
            "it holds no table of weights.",
            "model",
            file=shown,
            hint="Give the file that the training saved: a table of tensors, by itself or under 'state_dict'.",
        )
    # Each tensor gets memory of its own: safetensors refuses tensors that share some.
    tensors = {
        str(name): value.detach().clone().contiguous()
        for name, value in weights.items()
        if isinstance(value, torch.Tensor)
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, target, metadata={"format": "pt"})


def _is_zip(file: Path) -> bool:
    """Whether torch wrote it in its present form, which can be read piece by piece."""
    with file.open("rb") as content:
        return content.read(4) == b"PK\x03\x04"
