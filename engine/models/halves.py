"""Guidance asks the network with the text and without: what it computes before it looks at the text is the same twice.

A call holds the unguided pictures first and the guided ones after them. While the halves are shared, the layers before
the first that looks at the text get the first half alone, and what they give is taken for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class SharedHalves:
    """The layers of a network that are computed once for both halves of every call, until it is released.

    Args:
        network: A diffusers U-Net; other networks, and those whose time embedding knows the text, have no such layers.
    """

    def __init__(self, network: Any) -> None:
        self._hooks: list[Any] = []
        for layer in blind_layers(network):
            self._hooks.append(layer.register_forward_pre_hook(_first_half, with_kwargs=True))
            self._hooks.append(layer.register_forward_hook(_for_both))

    def release(self) -> None:
        """Let every layer compute all that it is given again."""
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()


def blind_layers(network: Any) -> Iterator[Any]:
    """The layers that cannot know the text, in the order in which they compute."""
    from diffusers import UNet2DConditionModel

    if not isinstance(network, UNet2DConditionModel):
        return
    if network.config.addition_embed_type or network.config.class_embed_type:
        return
    yield network.conv_in
    for block in network.down_blocks:
        if getattr(block, "has_cross_attention", False):
            # A residual block comes before the first attention.
            yield block.resnets[0]
            return
        yield block


def _first_half(_: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return tuple(map(_half, positional)), {name: _half(value) for name, value in named.items()}


def _half(value: Any) -> Any:
    import torch

    return value[: len(value) // 2] if isinstance(value, torch.Tensor) else value


def _for_both(_: Any, __: Any, output: Any) -> Any:
    return _doubled(output)


def _doubled(output: Any) -> Any:
    """A tensor, or a tuple of tensors and such tuples, twice along the batch."""
    import torch

    if isinstance(output, torch.Tensor):
        return torch.cat([output, output])
    return tuple(map(_doubled, output))
