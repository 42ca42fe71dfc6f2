"""The background's tones meet those of the boxes; nothing else of the picture changes."""

import numpy as np
import pytest
from PIL import Image

from engine.inpainting.edges import match_edges

SIZE = 96
BOX = (slice(32, 64), slice(40, 72))


def picture(level: int) -> np.ndarray:
    return np.full((SIZE, SIZE, 3), level, np.uint8)


def matched(painted: np.ndarray, known: np.ndarray, mask: np.ndarray) -> np.ndarray:
    result = match_edges(Image.fromarray(painted), Image.fromarray(known), Image.fromarray(mask))
    return np.asarray(result, np.int16)


def outside_of_the_box() -> np.ndarray:
    mask = np.full((SIZE, SIZE), 255, np.uint8)
    mask[BOX] = 0
    return mask


@pytest.mark.parametrize("inside", [85, 115])
def test_a_ground_of_another_shade_is_met_at_the_edge_and_forgotten_far_away(inside: int) -> None:
    known = picture(0)
    known[BOX] = inside
    result = matched(picture(100), known, outside_of_the_box())
    assert np.abs(result[31, 40:72] - inside).max() <= 5
    assert np.abs(result[32:64, 39] - inside).max() <= 5
    assert abs(int(result[2, 2, 0]) - 100) <= 4
    # It fades: no pixel is shifted farther than the difference at the edge.
    assert np.abs(result - 100).max() <= 15


def test_the_steps_between_neighbours_stay_small_on_the_way() -> None:
    known = picture(0)
    known[BOX] = 120
    result = matched(picture(100), known, outside_of_the_box())[..., 0]
    column = result[:32, 56]
    assert np.abs(np.diff(column)).max() <= 4


def test_an_object_that_touches_its_edge_does_not_shine_into_the_background() -> None:
    known = picture(0)
    known[BOX] = (200, 20, 20)
    result = matched(picture(100), known, outside_of_the_box())
    assert np.abs(result - 100).max() <= 1


def test_ground_beside_an_object_counts_although_the_object_touches_the_edge() -> None:
    known = picture(0)
    known[BOX] = 120
    known[32:64, 50:60] = (20, 20, 200)
    result = matched(picture(100), known, outside_of_the_box())
    assert np.abs(result[31, 41:47] - 120).max() <= 7
    assert (result[31, 52:58].max(-1) - result[31, 52:58].min(-1)).max() <= 3


@pytest.mark.parametrize("level", [0, 255])
def test_without_anything_known_or_anything_to_paint_nothing_changes(level: int) -> None:
    rng = np.random.default_rng(1)
    painted = rng.integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    assert np.array_equal(matched(painted, picture(0), np.full((SIZE, SIZE), level, np.uint8)), painted)


def test_tones_end_at_black_and_white() -> None:
    known = picture(0)
    known[BOX] = 255
    result = matched(picture(240), known, outside_of_the_box())
    assert result.max() == 255
    assert result.min() >= 239


@pytest.mark.parametrize("size", [(1, 1), (2, 7), (5, 3)])
def test_tiny_pictures_are_no_matter(size: tuple[int, int]) -> None:
    mask = Image.new("L", size, 255)
    mask.putpixel((0, 0), 0)
    painted = Image.new("RGB", size, (90, 90, 90))
    assert match_edges(painted, Image.new("RGB", size, (100, 100, 100)), mask).size == size
