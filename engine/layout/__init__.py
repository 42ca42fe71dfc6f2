"""Layouts as plain values: no files, no Qt, no torch."""

from engine.layout.box import Box, PixelBox
from engine.layout.layout import Layout, LayoutObject, check_seed, object_ids

__all__ = ["Box", "Layout", "LayoutObject", "PixelBox", "check_seed", "object_ids"]
