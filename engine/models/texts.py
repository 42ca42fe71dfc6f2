"""Prompts as a model's text encoders give them, kept: a benchmark asks for the same few ones again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any

LIMIT = 64 * 2**20
"""Bytes of embeddings that are kept; the ones not used for longest go first."""

_NAMES = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
"""What ``encode_prompt`` of Stable Diffusion's pipelines gives, in order; the pooled ones only in SDXL's."""

Texts = tuple[Any, ...]


class TextEmbeddings:
    """The embeddings of one loaded pipeline's prompts, equal byte for byte to what a call would compute."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, bool], Texts] = OrderedDict()
        self._weights: Hashable = ()

    def for_weights(self, weights: Hashable) -> None:
        """The text encoders' weights are these from now on: embeddings by other ones are forgotten."""
        if weights != self._weights:
            self._kept.clear()
            self._bytes = 0
            self._weights = weights

    def arguments(self, pipeline: Any, prompts: Sequence[str], *, guided: bool) -> dict[str, Any]:
        """The pipeline's arguments that stand for these prompts; with the empty negative prompt where it is guided."""
        import torch

        rows = [self._texts(pipeline, prompt, guided) for prompt in prompts]
        columns = zip(_NAMES, zip(*rows, strict=True), strict=False)
        return {name: torch.cat(tensors) for name, tensors in columns if tensors[0] is not None}

    def _texts(self, pipeline: Any, prompt: str, guided: bool) -> Texts:
        key = (prompt, guided)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        texts = self._encode(pipeline, prompt, guided)
        self._kept[key] = texts
        self._bytes += _size(texts)
        while self._bytes > self._limit and len(self._kept) > 1:
            self._bytes -= _size(self._kept.popitem(last=False)[1])
        return texts

    def _encode(self, pipeline: Any, prompt: str, guided: bool) -> Texts:
        import torch

        # The negative prompt is the same for all: it is taken from one that is known.
        other = next((texts for (_, same), texts in self._kept.items() if same is guided), ())
        negative = {name: tensor for name, tensor in zip(_NAMES, other, strict=False) if name.startswith("negative")}
        with torch.no_grad():
            encoded = pipeline.encode_prompt(
                prompt=prompt,
                device=pipeline._execution_device,
                num_images_per_prompt=1,
                do_classifier_free_guidance=guided,
                **negative,
            )
        return tuple(encoded)


def _size(texts: Texts) -> int:
    return sum(tensor.element_size() * tensor.nelement() for tensor in texts if tensor is not None)
