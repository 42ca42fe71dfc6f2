"""What CLEVR's scene is made of, as plain data that is sent to Blender: lights, colours, materials, ground.

Measured on the CLEVR generator's own files with Blender 5.0; what could not be read off there (the floor's colour and
its backdrop, the share of gloss) was fitted to pictures of scenes without jitter. World units, z up; power in watts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.clevr.camera import CUBE_FLAT, CYLINDER_FLAT
from engine.errors import BoxpaintError

SENSOR = 32.0
"""Width of the camera's sensor in millimetres."""

LENS = 35.0
"""Focal length of the camera in millimetres."""

LIGHT_POSITIONS: dict[str, tuple[float, float, float]] = {
    "key": (6.447, -2.905, 4.258),
    "fill": (-4.671, -4.014, 3.011),
    "back": (-1.169, 2.646, 5.816),
}
"""Where the three lamps stand when they are not jittered; each is aimed at the origin."""

_COLORS = {
    "gray": (87, 87, 87),
    "red": (173, 35, 35),
    "blue": (42, 75, 215),
    "green": (29, 105, 20),
    "brown": (129, 74, 25),
    "purple": (129, 38, 192),
    "cyan": (41, 208, 208),
    "yellow": (255, 238, 51),
}


@dataclass(frozen=True)
class RenderSettings:
    """How much work goes into a picture.

    Attributes:
        samples: Paths of light per pixel, 1 … 4096; with ``threshold`` the most of them.
        threshold: Noise at which a pixel needs no more samples, 0 … 1; 0 gives every pixel all of them.
        denoise: Take the rest of the noise out.
        light_jitter: Greatest displacement of a lamp on each axis, 0 … 2 world units.
    """

    samples: int = 16
    threshold: float = 0.0
    denoise: bool = True
    light_jitter: float = 1.0

    def __post_init__(self) -> None:
        limits = {"samples": (1, 4096), "threshold": (0, 1), "light_jitter": (0, 2)}
        for field, (low, high) in limits.items():
            if not low <= getattr(self, field) <= high:
                raise BoxpaintError("the value cannot be used.", "usage", field=field, hint=f"From {low} to {high}.")

    def cycles(self) -> dict[str, Any]:
        """The field ``cycles`` of the request ``start``: properties of Blender's renderer and their values."""
        return {
            "samples": self.samples,
            "use_adaptive_sampling": self.threshold > 0,
            "adaptive_threshold": self.threshold,
            "use_denoising": self.denoise,
            "denoiser": "OPENIMAGEDENOISE",
            "denoising_input_passes": "RGB_ALBEDO_NORMAL",
            "denoising_prefilter": "FAST",
            "sampling_pattern": "BLUE_NOISE",
            "max_bounces": 8,
            "blur_glossy": 2.0,
            # Four lamps need no light tree, which would be built anew for every picture.
            "use_light_tree": False,
        }


def surface_color(name: str) -> list[float]:
    """Red, green and blue (0 … 1) of a colour's surface.

    CLEVR gives its colours to Blender as they are, so that they count as shares of light, not as sRGB.
    """
    return [value / 255 for value in _COLORS[name]]


def scene_facts() -> dict[str, Any]:
    """What does not change from picture to picture; the field ``scene`` of the request ``start``."""
    return {
        "lens": LENS,
        "sensor": SENSOR,
        "cube_flat": CUBE_FLAT,
        "cylinder_flat": CYLINDER_FLAT,
        "rubber": {
            "sheen_roughness": 0.6,
            "ior": 1.55,
            "gloss": 0.035,
            "gloss_roughness": 0.59,
        },
        "metal": {"rough": 0.447, "anisotropy": 0.25, "clear": 0.1, "clear_share": 0.6},
        "ground": {
            "color": [0.755, 0.755, 0.755],
            "toward": [-0.85, 0.5],
            "flat": 9.0,
            "radius": 8.0,
            "rise": 88.0,
            "reach": 60.0,
        },
        "lamps": {
            "key": {"power": 78.5, "size": 0.5, "color": [1.0, 0.932, 0.817]},
            "fill": {"power": 23.6, "size": 0.5, "color": [0.762, 0.818, 1.0]},
            "back": {"power": 39.3, "size": 1.0, "color": [1.0, 1.0, 1.0]},
        },
        "sun": {"strength": 0.45, "angle": 11.4, "direction": [-0.414, 0.195, -0.889]},
    }
