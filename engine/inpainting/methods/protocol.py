"""What a method is: one value that checks a model, plans the steps and makes their painter."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol

from PIL import Image

from engine.events import Step
from engine.inpainting.iterinpaint import OnProgress, StepPictures
from engine.inpainting.plan import Plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.card import ModelCard
from engine.models.loading import LoadedModel

OnStep = Callable[[Step, int], None]
"""Told before each step, with the number of denoising steps to come."""


Paints = Generator[StepPictures, StepPictures | None, None]
"""The steps of a plan as they are painted; see ``Painting.paint``."""


class Painting(Protocol):
    """Carries out a plan."""

    def paint(self, *, first: int = 0, context: Image.Image | None = None) -> Paints:
        """Paint the plan's steps from index ``first`` on, starting from ``context`` (black when nothing is painted).

        Steps come in the plan's order. Whoever sends a step's pictures back replaces those that came last: painting
        goes on from them.
        """
        ...


class Method(Protocol):
    """How a layout becomes a picture. A plug-in gives one of these (docs/methods.md).

    Attributes:
        name: What ``--method`` takes.
        about: One line for people.
        frames: The timeline's frames that its steps truly have, among ``context``, ``mask``, ``preview``, ``raw`` and
            ``composite``; the others are black, white or copies.
    """

    @property
    def name(self) -> str: ...

    @property
    def about(self) -> str: ...

    @property
    def frames(self) -> tuple[str, ...]: ...

    def check(self, card: ModelCard) -> None:
        """Refuse a model that this method cannot use, before any weights are read.

        Raises:
            BoxpaintError: It is for other methods; the hint says which.
        """
        ...

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        """The steps.

        Raises:
            BoxpaintError: The layout, the settings and the model do not go together.
        """
        ...

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> Painting:
        """What carries out the plan."""
        ...
