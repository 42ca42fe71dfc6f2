"""CLEVR's camera and the outlines of its shapes in the picture, in closed form with NumPy alone.

World units, z up. Every shape is convex, so its bounding box in the picture follows from its support function
h(w) = max over its points p of w·p: the left edge is the smallest t for which the plane through the camera with the
normal (right − t · forward) touches the shape. No mesh is needed, and the edges are exact.

Shapes of half-size 1 (measured on CLEVR's own): a sphere; a cube whose flat part reaches ±0.768 and whose edges are
rounded from there; a cylinder with a bevel from ±0.921.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

POSITION = (7.481, -6.508, 5.344)
"""Where the camera stands when it is not jittered."""

AIM = (-0.664, 0.578, -0.474)
"""Where it looks from there: towards the origin."""

FOCAL = 35.0 / 32.0
"""Focal length over sensor width; times the longer side of the picture it is the focal length in pixels."""

CUBE_FLAT = 0.768
CYLINDER_FLAT = 0.921

_UP = np.array([0.0, 0.0, 1.0])
_STEPS = 12
"""Steps towards an edge: each about squares the error, so that half as many reach the last bit."""

_FAR = 2.0
"""World units from the usual place beyond which a fitted camera is not believed; CLEVR jitters by 0.5."""


@dataclass(frozen=True)
class Solid:
    """A shape that stands in the scene.

    Attributes:
        shape: ``"cube"``, ``"sphere"`` or ``"cylinder"``.
        center: x, y, z in world units.
        half: Half-sizes along its own three axes, in world units.
        rotation: Turn about z in degrees.
    """

    shape: str
    center: tuple[float, float, float]
    half: tuple[float, float, float]
    rotation: float

    def support(self, normals: Array) -> Array:
        """The point of the surface that lies furthest along each of the ``(n, 3)`` directions; ``(n, 3)``."""
        angle = math.radians(self.rotation)
        turn = np.array(
            [[math.cos(angle), -math.sin(angle), 0.0], [math.sin(angle), math.cos(angle), 0.0], [0.0, 0.0, 1.0]]
        )
        half = np.asarray(self.half)
        local = _unit_support(self.shape, (normals @ turn) * half)
        return np.asarray(self.center) + (local * half) @ turn.T


@dataclass(frozen=True)
class Camera:
    """A pinhole camera.

    Attributes:
        position: In world units.
        forward: Unit vector along which it looks.
    """

    position: tuple[float, float, float] = POSITION
    forward: tuple[float, float, float] = AIM

    @classmethod
    def looking_at_origin(cls, position: tuple[float, float, float]) -> Camera:
        """A camera at ``position`` that is aimed as CLEVR's are when they are jittered."""
        x, y, z = position
        length = math.hypot(x, y, z)
        return cls(position, (-x / length, -y / length, -z / length))

    def axes(self) -> tuple[Array, Array, Array]:
        """Unit vectors to the right, up and forward."""
        forward = np.asarray(self.forward, dtype=float)
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, _UP)
        right = right / np.linalg.norm(right)
        return right, np.cross(right, forward), forward

    def project(self, points: Array, width: int, height: int) -> Array:
        """Pixel positions x, y of ``(n, 3)`` points, and their depth along the view; ``(n, 3)``."""
        right, up, forward = self.axes()
        offset = np.asarray(points, dtype=float) - np.asarray(self.position)
        depth = offset @ forward
        focal = FOCAL * max(width, height)
        return np.stack(
            [width / 2 + focal * (offset @ right) / depth, height / 2 - focal * (offset @ up) / depth, depth], axis=1
        )

    def bounds(self, solid: Solid, width: int, height: int) -> tuple[float, float, float, float] | None:
        """Left, top, right and bottom of the solid's outline in pixels, not clipped; None behind the camera."""
        outline = self.outline(solid, width, height, 4)
        if outline is None:
            return None
        (right, _), (_, bottom), (left, _), (_, top) = outline.tolist()
        return left, top, right, bottom

    def outline(self, solid: Solid, width: int, height: int, corners: int = 32) -> Array | None:
        """Points on the solid's outline in pixels, ``(corners, 2)``, in the order of their direction from its middle.

        None if any of the solid is beside or behind the camera.
        """
        right, up, forward = self.axes()
        position = np.asarray(self.position)
        if float((solid.support(-forward[None, :])[0] - position) @ forward) <= 1e-3:
            return None
        angles = np.arange(corners) * (2 * math.pi / corners)
        # The picture's y runs down.
        across = np.cos(angles)[:, None] * right - np.sin(angles)[:, None] * up
        middle = np.asarray(solid.center) - position
        ratio = across @ middle / (middle @ forward)
        offset = np.zeros((corners, 3))
        for _ in range(_STEPS):
            offset = solid.support(across - ratio[:, None] * forward) - position
            ratio = np.sum(offset * across, axis=1) / (offset @ forward)
        depth = offset @ forward
        focal = FOCAL * max(width, height)
        return np.stack(
            [width / 2 + focal * (offset @ right) / depth, height / 2 - focal * (offset @ up) / depth], axis=1
        )


def _unit_support(shape: str, normals: Array) -> Array:
    """The furthest points of the shape of half-size 1 along ``(n, 3)`` directions of any length but 0."""
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    unit = normals / length
    if shape == "sphere":
        return unit
    if shape == "cube":
        return CUBE_FLAT * np.sign(normals) + (1 - CUBE_FLAT) * unit
    if shape == "cylinder":
        radial = np.hypot(normals[:, 0], normals[:, 1])
        safe = np.where(radial > 0, radial, 1.0)
        disc = np.stack([normals[:, 0] / safe, normals[:, 1] / safe, np.sign(normals[:, 2])], axis=1)
        return CYLINDER_FLAT * disc + (1 - CYLINDER_FLAT) * unit
    raise ValueError(f"no shape {shape!r}")


def fit_camera(points: Array, pixels: Array, width: int, height: int) -> Camera:
    """The camera, aimed at the origin, that puts ``(n, 3)`` points on ``(n, 2)`` pixel positions most closely.

    CLEVR jitters its camera and does not tell where it stood, but its files hold the picture positions of the
    objects' centres. Gauss-Newton from the usual place; with fewer than two points the usual camera is returned.
    """
    usual = Camera.looking_at_origin(POSITION)
    if len(points) < 2:
        return usual

    def misses(place: Array) -> Array:
        camera = Camera.looking_at_origin((float(place[0]), float(place[1]), float(place[2])))
        with np.errstate(divide="ignore", invalid="ignore"):  # a point at the camera; looked at below
            return (camera.project(points, width, height)[:, :2] - pixels).ravel()

    place = np.asarray(POSITION)
    step = 1e-5
    for _ in range(_STEPS):
        now = misses(place)
        slopes = np.stack([(misses(place + shift) - now) / step for shift in np.eye(3) * step], axis=1)
        if not (np.isfinite(now).all() and np.isfinite(slopes).all()):
            return usual
        place = place - np.linalg.lstsq(slopes, now, rcond=None)[0]
        if not np.isfinite(place).all() or np.abs(place - POSITION).max() > _FAR:
            return usual
    return Camera.looking_at_origin((float(place[0]), float(place[1]), float(place[2])))
