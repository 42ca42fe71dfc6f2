"""Models that take each other's place: nothing holds the former one."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from engine.events import RunFinished
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.catalogue import find_model
from engine.models.kept import KeptModel, Wanted
from engine.runs.execute import RunExecution
from engine.runs.request import GenerationRequest, new_run_id
from tests.pipelines import make_tiny_pipeline


@pytest.fixture(scope="module")
def other_pipeline(tmp_path_factory) -> Path:
    return make_tiny_pipeline(tmp_path_factory.mktemp("models") / "other", seed=1)


def test_a_model_that_was_painted_with_is_gone_when_the_next_one_comes(
    tiny_pipeline: Path, other_pipeline: Path, two_objects, tmp_path: Path
) -> None:
    kept, alive, before = KeptModel(), [], None
    cards = [read_card(tiny_pipeline), read_card(other_pipeline), find_model("clevr-mini")]
    for number in range(6):
        wanted = Wanted(cards[number % 3], device="cpu")

        def load(*_, wanted: Wanted = wanted):
            return kept.get(wanted, wanted.load)

        settings = GenerationSettings(steps=1, width=64, height=48)
        folder = str(tmp_path / f"run-{number}")
        request = GenerationRequest(new_run_id(), two_objects, settings, str(wanted.card.folder), folder)
        events: list = []
        RunExecution(request, emit=events.append, load=load, cancelled=lambda: False).run()
        assert isinstance(events[-1], RunFinished), events[-1]
        assert before is None or before() is None, "the model before is gone as soon as this one is there"
        pipeline = kept.get(wanted, wanted.load).pipeline
        parts = [pipeline, *(part for part in pipeline.components.values() if part is not None)]
        alive += [weakref.ref(part) for part in parts if not isinstance(part, (bool, str))]
        before = weakref.ref(pipeline)
        del pipeline, parts
    kept.drop()
    gc.collect()
    assert [reference() for reference in alive if reference() is not None] == []


def test_what_is_asked_for_again_is_not_read_again(tiny_pipeline: Path) -> None:
    kept, wanted = KeptModel(), Wanted(read_card(tiny_pipeline), device="cpu")
    first = kept.get(wanted, wanted.load)
    again = Wanted(read_card(tiny_pipeline), device="cpu")
    assert kept.has(again) and kept.get(again, lambda: pytest.fail("it is in memory")) is first
    assert not kept.has(Wanted(wanted.card, device="cpu", placement="tiled"))


def test_a_model_that_cannot_be_loaded_leaves_none(tiny_pipeline: Path) -> None:
    kept, wanted = KeptModel(), Wanted(read_card(tiny_pipeline), device="cpu")
    kept.get(wanted, wanted.load)

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept.get(Wanted(wanted.card, device="cpu", placement="tiled"), fail)
    assert not kept.has(wanted)
