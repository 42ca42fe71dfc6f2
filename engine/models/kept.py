"""The one model that a process keeps in memory: the next one takes its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.models.card import ModelCard
from engine.models.loading import LoadedModel, load_pipeline
from engine.models.placing import free_memory


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model and how it shall be placed; the words are those of the generation settings."""

    card: ModelCard
    device: str = "auto"
    precision: str = "auto"
    placement: str = "auto"
    quantize: str = "none"

    def load(self, size: tuple[int, int] | None = None) -> LoadedModel:
        """Read its weights; ``size`` in pixels is what will be painted, where that is known."""
        return load_pipeline(
            self.card,
            device=self.device,
            precision=self.precision,
            placement=self.placement,
            quantize=self.quantize,
            size=size,
        )


class KeptModel:
    """Keeps the model that was asked for last. One at a time: two of full size would not fit on most devices."""

    def __init__(self) -> None:
        self._wanted: Wanted | None = None
        self._model: LoadedModel | None = None

    def has(self, wanted: Wanted) -> bool:
        """Whether this is the model in memory."""
        return self._model is not None and self._wanted == wanted

    def get(self, wanted: Wanted, load: Callable[[], LoadedModel]) -> LoadedModel:
        """The model from memory, or from ``load``, before which the former one is let go and its memory freed."""
        if self._model is None or self._wanted != wanted:
            self.drop()
            self._model = load()
            self._wanted = wanted
        return self._model

    def drop(self) -> None:
        """Let the model go. Its memory is free as soon as nobody else holds it."""
        if self._model is not None:
            device = self._model.device
            self._model = self._wanted = None
            free_memory(device)
