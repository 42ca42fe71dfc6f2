"""What the generation panel was set to, as settings of any kind may hold it."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from ui.panels.run_options import RunOptions, kept_options


def test_options_come_back_as_they_were_kept() -> None:
    options = RunOptions(
        model="m", method="reco", steps=7, guidance=4, width=320, previews=False, seed=2**40, loras=("a:0.5",)
    )
    assert kept_options(json.loads(json.dumps(asdict(options)))) == options


@pytest.mark.parametrize(
    "kept",
    [
        {"steps": 10**400},
        {"steps": True},
        {"width": -(2**31)},
        {"guidance": float("inf")},
        {"seed": "7"},
        {"previews": 1},
        {"scheduler": {}},
        {"model": None},
        {"loras": "a"},
        {"loras": [1]},
        {"from_the_future": 1},
    ],
)
def test_what_is_no_option_is_left_at_its_default(kept) -> None:
    assert kept_options(kept | {"attempts": 3}) == RunOptions(model="", attempts=3)
