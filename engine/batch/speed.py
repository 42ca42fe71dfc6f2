"""How fast ways of painting are beside each other, and how good: all in one process, in turn, on the same layouts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from PIL import Image

from engine.batch.published_loop import paint_as_published
from engine.detection.protocol import Detector
from engine.evaluation.average_precision import figures
from engine.evaluation.detecting import detect_images
from engine.evaluation.matching import Matches
from engine.evaluation.protocols import Protocol
from engine.evaluation.scoring import match_all
from engine.evaluation.statistics import paired_bootstrap
from engine.evaluation.truth import make_found, make_truth
from engine.formats.dataset import Entry
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.plan import picture_size
from engine.inpainting.settings import GenerationSettings
from engine.models.loading import LoadedModel

_WARM_UP_STEPS = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A way of painting.

    Attributes:
        name: A short name for the table.
        about: What it is, for people.
        settings: The settings; of the published loop only steps, guidance and size count.
        published: Whether it is the published loop instead of the program's own path.
    """

    name: str
    about: str
    settings: GenerationSettings
    published: bool = False


@dataclass(frozen=True, slots=True)
class Timed:
    """What a way took.

    Attributes:
        way: The way.
        seconds: Median over the rounds of the time for all layouts, on the clock.
        rounds: The time of each round.
        pictures: What the first round painted.
    """

    way: Way
    seconds: float
    rounds: tuple[float, ...]
    pictures: tuple[Image.Image, ...]


def usual_ways(base: GenerationSettings, *, fast: Mapping[str, Any]) -> tuple[Way, ...]:
    """The published loop, and what each of the program's own steps away from it gains."""
    full = replace(base, area="full", waves="sequential")
    zoom = replace(base, area="zoom", waves="sequential")
    words = ", ".join(f"{name} {value}" for name, value in fast.items())
    return (
        Way("published", "the published loop round the bare pipeline", full, published=True),
        Way("full", "exact, on the whole picture", full),
        Way("zoom", "exact, in a window round each box", zoom),
        Way("waves", "the same, steps that do not see each other together", replace(zoom, waves="auto")),
        Way("fast", f"the same with {words}", replace(zoom, waves="auto", **fast)),
    )


def measure(
    ways: Sequence[Way],
    entries: Sequence[Entry],
    model: LoadedModel,
    *,
    rounds: int,
    tell: Callable[[str], None] = lambda line: None,
) -> list[Timed]:
    """Paint every layout by every way, in turn, so that whatever else the machine does hits all of them alike.

    Args:
        rounds: How often everything is painted; the first painting of each way, a short one, is not counted.
        tell: Receives a line for people now and then.
    """
    for way in ways:
        steps = min(way.settings.steps or model.card.steps, _WARM_UP_STEPS)
        _paint(replace(way, settings=replace(way.settings, steps=steps)), entries[0], model)
    seconds: dict[str, list[float]] = {way.name: [] for way in ways}
    pictures: dict[str, list[Image.Image]] = {way.name: [] for way in ways}
    for number in range(rounds):
        for way in ways:
            seconds[way.name].append(0.0)
        for place, entry in enumerate(entries):
            for way in ways:
                started = time.perf_counter()
                picture = _paint(way, entry, model)
                seconds[way.name][-1] += time.perf_counter() - started
                if number == 0:
                    pictures[way.name].append(picture)
            tell(f"round {number + 1}/{rounds}: {place + 1}/{len(entries)} layouts")
    return [Timed(way, median(seconds[way.name]), tuple(seconds[way.name]), tuple(pictures[way.name])) for way in ways]


def rows(timed: Sequence[Timed], layouts: int) -> Iterator[dict[str, Any]]:
    """What was measured as JSON values; ratios are to the first of them."""
    for entry in timed:
        yield {
            "name": entry.way.name,
            "about": entry.way.about,
            "steps": entry.way.settings.steps,
            "seconds_per_picture": round(entry.seconds / layouts, 4),
            "times_as_fast": round(timed[0].seconds / entry.seconds, 2),
        }


def qualities(timed: Sequence[Timed], entries: Sequence[Entry], detector: Detector) -> list[dict[str, Any]] | None:
    """AP of each way's pictures by this detector, and the difference to the first way's, by a paired bootstrap.

    None where the detector knows none of the layouts' prompts.
    """
    protocol = Protocol("bench", "layouts as painted", None, detector.labels, False)
    truth = make_truth(entries, detector.labels, None)
    if not len(truth.image):
        return None
    matched: list[Matches] = []
    for entry in timed:
        found = list(detect_images([lambda kept=picture: kept for picture in entry.pictures], detector, None))  # type: ignore[misc]
        matched.append(match_all(truth, make_found(dict(enumerate(found)), truth)))
    result = []
    for matches in matched:
        values = {name: round(value, 4) for name, value in figures(matches).items() if name in ("AP", "AP50")}
        if matches is not matched[0] and len(entries) > 1:
            values["difference"] = asdict(paired_bootstrap(matches, matched[0], protocol))  # type: ignore[assignment]
        result.append(values)
    return result


def _paint(way: Way, entry: Entry, model: LoadedModel) -> Image.Image:
    settings, card = way.settings, model.card
    if way.published:
        # The network as diffusers made it, whatever the way before asked for.
        model.tuning.use(model.pipeline, compiled=None, device=model.device)
        return paint_as_published(
            model.pipeline,
            entry.layout,
            card,
            size=picture_size(entry.layout, settings, card),
            seed=settings.seed,
            steps=settings.steps or card.steps,
            guidance=card.guidance if settings.guidance is None else settings.guidance,
        )
    plan = make_plan(entry.layout, settings, card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    picture = Image.new("RGB", (plan.width, plan.height))
    for pictures in painter.paint():
        picture = pictures.composite
    return picture
