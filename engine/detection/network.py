"""The built-in detector's network: a small convolutional one that finds object centres on a heat map.

The idea is that of CenterNet (arXiv 1904.07850): one cell of a stride-4 map answers for an object. Boxes are four
distances to the edges as in FCOS (arXiv 1904.01355), and a quality output rates them. The class is factorised:
colour, material and shape are told apart by separate outputs, so that 13 logits cover 48 classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

STRIDE = 4
"""Picture pixels per cell of the output maps."""

SIZE_UNIT = 8.0
"""Distance to an edge, in pixels, that a raw output of 0 stands for."""


@dataclass(frozen=True, slots=True)
class Maps:
    """What the network says about each cell of a (B, C, H/4, W/4) map.

    Attributes:
        heat: Logit that an object's centre is here, one channel.
        distances: Pixels from the cell's centre to the left, top, right and bottom edge, four channels, positive.
        quality: Logit of the overlap (IoU) that the box will have, one channel.
        groups: One logit map per group of words (colours, materials, shapes).
    """

    heat: Tensor
    distances: Tensor
    quality: Tensor
    groups: tuple[Tensor, ...]


def _conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _conv(channels, channels)
        self.second = _conv(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = x + self.second(self.first(x))
        return result


class CenterNetwork(nn.Module):
    """Backbone with strides 4 to 32, a path back up to stride 4, and one head of 1×1 outputs.

    Args:
        widths: Channels at strides 4, 8, 16 and 32.
        blocks: Residual blocks at each of them.
        path: Channels of the path back up at strides 16, 8 and 4.
        groups: Number of words in each group.
    """

    def __init__(
        self, widths: Sequence[int], blocks: Sequence[int], path: Sequence[int], groups: Sequence[int]
    ) -> None:
        super().__init__()
        self.groups = tuple(groups)
        # Folding 2×2 pixels into channels first spares every activation at half the picture's size.
        stages, previous = [], 12
        for width, count in zip(widths, blocks, strict=True):
            stages.append(nn.Sequential(_conv(previous, width, stride=2), *(_Residual(width) for _ in range(count))))
            previous = width
        self.stages = nn.ModuleList(stages)
        self.lateral = nn.ModuleList(nn.Conv2d(width, out, 1) for width, out in zip(widths[-2::-1], path, strict=True))
        self.down = nn.ModuleList(
            nn.Conv2d(above, out, 1) for above, out in zip((widths[-1], *path[:-1]), path, strict=True)
        )
        self.smooth = nn.ModuleList(_conv(out, out) for out in path)
        self.head = _conv(path[-1], path[-1])
        self.output = nn.Conv2d(path[-1], 6 + sum(groups), 1)
        bias = torch.zeros(6 + sum(groups))
        bias[0] = -4.0  # centres are rare: start from "nothing here"
        self.output.bias = nn.Parameter(bias)

    def features(self, x: Tensor) -> Tensor:
        """What the deepest level sees in each picture of a batch, averaged over the picture: (B, widths[3])."""
        return self._levels(x)[-1].float().mean((2, 3))

    def _levels(self, x: Tensor) -> list[Tensor]:
        """The maps of the backbone at strides 4, 8, 16 and 32."""
        x = F.pixel_unshuffle(x, 2).contiguous(memory_format=torch.channels_last)
        levels = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        return levels

    def forward(self, x: Tensor) -> Maps:
        """Maps of a batch (B, 3, H, W) in [-1, 1]; H and W are multiples of 32."""
        levels = self._levels(x)
        x = levels.pop()
        for lateral, down, smooth in zip(self.lateral, self.down, self.smooth, strict=True):
            x = smooth(F.interpolate(down(x), scale_factor=2.0, mode="nearest") + lateral(levels.pop()))
        out = self.output(self.head(x)).float()
        parts = torch.split(out, [1, 4, 1, *self.groups], dim=1)
        distances = SIZE_UNIT * torch.exp(parts[1].clamp(-5, 5))
        return Maps(parts[0], distances, parts[2], tuple(parts[3:]))
