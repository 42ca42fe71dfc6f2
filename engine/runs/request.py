"""The one serialisable request that holds everything a run's result depends on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.formats.boxpaint_layout import layout_from_dict, layout_to_dict
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A run to be done. It is made when the user presses the button; the engine changes nothing in it.

    Attributes:
        run: The run's id.
        layout: What to paint.
        settings: How to paint it.
        model: A model's name in the catalogue, or a pipeline folder.
        folder: The run's own folder; it must not exist yet, or be empty.
        base: Folder of a run whose first ``keep`` steps are taken over instead of being painted again.
        keep: How many steps to take over; they must be the same in both plans.
    """

    run: str
    layout: Layout
    settings: GenerationSettings
    model: str
    folder: str
    base: str | None = None
    keep: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The request as JSON values, as kept in ``run.json``."""
        return {
            "run": self.run,
            "layout": layout_to_dict(self.layout),
            "settings": self.settings.to_dict(),
            "model": self.model,
            "base": self.base,
            "keep": self.keep,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, folder: str) -> GenerationRequest:
        """The request kept in a run folder's ``run.json``."""
        return cls(
            run=data["run"],
            layout=layout_from_dict(data["layout"], file=folder),
            settings=GenerationSettings.from_dict(data["settings"]),
            model=data["model"],
            folder=folder,
            base=data.get("base"),
            keep=data.get("keep", 0),
        )


def new_run_id() -> str:
    """A fresh id that sorts by time, e.g. ``20261122-190455-3f9a1c``."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
