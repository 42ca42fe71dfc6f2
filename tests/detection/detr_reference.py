"""DETR with a dilated ResNet in plain torch, under the names of the original checkpoints.

Written from the papers (arXiv 2005.12872, arXiv 1512.03385) as an independent check of the conversion; nothing of it is
used by the program.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class FrozenNorm(nn.Module):
    """Batch normalisation with fixed statistics."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        for name, value in (("weight", 1.0), ("bias", 0.0), ("running_mean", 0.0), ("running_var", 1.0)):
            self.register_buffer(name, torch.full((channels,), value))

    def forward(self, x: Tensor) -> Tensor:
        scale = self.weight / torch.sqrt(self.running_var + 1e-5)
        return x * scale[:, None, None] + (self.bias - self.running_mean * scale)[:, None, None]


class Bottleneck(nn.Module):
    def __init__(self, given: int, inner: int, out: int, stride: int, dilation: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(given, inner, 1, bias=False), FrozenNorm(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, dilation, dilation, bias=False)
        self.bn2 = FrozenNorm(inner)
        self.conv3, self.bn3 = nn.Conv2d(inner, out, 1, bias=False), FrozenNorm(out)
        self.downsample = None
        if stride != 1 or given != out:
            self.downsample = nn.Sequential(nn.Conv2d(given, out, 1, stride, bias=False), FrozenNorm(out))

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Body(nn.Module):
    """ResNet without its head; DC5: the last stage keeps its size and dilates instead, all but its first block."""

    def __init__(self, stem: int, widths: tuple[int, ...], depths: tuple[int, ...], dilated: bool) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False), FrozenNorm(stem)
        given = stem
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True), start=1):
            last = dilated and stage == 4
            blocks = []
            for block in range(depth):
                stride = 2 if block == 0 and stage > 1 and not last else 1
                blocks.append(Bottleneck(given, width // 4, width, stride, 2 if last and block else 1))
                given = width
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class EncoderLayer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads)
        self.linear1, self.linear2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x: Tensor, places: Tensor) -> Tensor:
        keys = x + places
        x = self.norm1(x + self.self_attn(keys, keys, x)[0])
        return self.norm2(x + self.linear2(F.relu(self.linear1(x))))


class DecoderLayer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.self_attn, self.multihead_attn = (nn.MultiheadAttention(width, heads) for _ in range(2))
        self.linear1, self.linear2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))

    def forward(self, x: Tensor, memory: Tensor, places: Tensor, queries: Tensor) -> Tensor:
        keys = x + queries
        x = self.norm1(x + self.self_attn(keys, keys, x)[0])
        x = self.norm2(x + self.multihead_attn(x + queries, memory + places, memory)[0])
        return self.norm3(x + self.linear2(F.relu(self.linear1(x))))


class Decoder(nn.Module):
    def __init__(self, count: int, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(width, heads, inner) for _ in range(count))
        self.norm = nn.LayerNorm(width)


class Mlp(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4)])

    def forward(self, x: Tensor) -> Tensor:
        return self.layers[2](F.relu(self.layers[1](F.relu(self.layers[0](x)))))


class Detr(nn.Module):
    """Logits (B, Q, classes + 1) and boxes (B, Q, 4) as centre and size in [0, 1] of pictures (B, 3, H, W)."""

    def __init__(
        self,
        *,
        stem: int = 64,
        widths: tuple[int, ...] = (256, 512, 1024, 2048),
        depths: tuple[int, ...] = (3, 4, 23, 3),
        width: int = 256,
        heads: int = 8,
        inner: int = 2048,
        layers: int = 6,
        queries: int = 100,
        classes: int = 48,
        dilated: bool = True,
    ) -> None:
        super().__init__()
        joiner = nn.Module()
        joiner.body = Body(stem, widths, depths, dilated)
        self.backbone = nn.ModuleList([joiner])
        self.input_proj = nn.Conv2d(widths[-1], width, 1)
        self.transformer = nn.Module()
        self.transformer.encoder = nn.Module()
        self.transformer.encoder.layers = nn.ModuleList(EncoderLayer(width, heads, inner) for _ in range(layers))
        self.transformer.decoder = Decoder(layers, width, heads, inner)
        self.query_embed = nn.Embedding(queries, width)
        self.class_embed, self.bbox_embed = nn.Linear(width, classes + 1), Mlp(width)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.input_proj(self.backbone[0].body(pictures))
        batch, width, height, columns = maps.shape
        places = sine_places(height, columns, width).flatten(1).T[:, None].expand(-1, batch, -1)
        memory = maps.flatten(2).permute(2, 0, 1)
        for layer in self.transformer.encoder.layers:
            memory = layer(memory, places)
        queries = self.query_embed.weight[:, None].expand(-1, batch, -1)
        x = torch.zeros_like(queries)
        for layer in self.transformer.decoder.layers:
            x = layer(x, memory, places, queries)
        x = self.transformer.decoder.norm(x).transpose(0, 1)
        return self.class_embed(x), self.bbox_embed(x).sigmoid()


def sine_places(height: int, columns: int, width: int) -> Tensor:
    """Sine position code (width, height, columns): first half rows, second half columns, normalised to 2 pi."""
    half = width // 2
    steps = 10000 ** (2 * torch.div(torch.arange(half), 2, rounding_mode="floor") / half)
    codes = []
    for count in (height, columns):
        place = torch.arange(1, count + 1) / (count + 1e-6) * 2 * math.pi
        angle = place[:, None] / steps
        codes.append(torch.stack((angle[:, 0::2].sin(), angle[:, 1::2].cos()), 2).flatten(1))
    rows = codes[0][:, None].expand(-1, columns, -1)
    return torch.cat((rows, codes[1][None].expand(height, -1, -1)), 2).permute(2, 0, 1)


def randomise(model: nn.Module, seed: int = 0) -> None:
    """Random weights and statistics that keep the signal alive through a hundred layers."""
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in model.state_dict().items():
        noise = torch.randn(tensor.shape, generator=generator)
        if name.endswith("running_var"):
            tensor.copy_(1 + 0.1 * noise.abs())
        elif tensor.dim() == 1:
            tensor.copy_(0.1 * noise + (1 if name.endswith("weight") else 0))
        else:
            tensor.copy_(noise * (2 / tensor[0].numel()) ** 0.5)
