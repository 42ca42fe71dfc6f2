"""From what the window shows to requests: a new run, a branch of one, a retouched picture. Plain values, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout, LayoutObject
from engine.models.lora import Lora
from engine.runs.request import GenerationRequest, Retouch, Retry, new_run_id
from ui.panels.run_options import RunOptions

_SETTINGS = (
    *("method", "steps", "guidance", "scheduler", "order", "compositing", "pixels", "area", "width", "height", "seed"),
    *("placement", "quantize", "previews", "safety_checker"),
)


def new_request(layout: Layout, options: RunOptions, runs: Path) -> GenerationRequest:
    """Paint ``layout`` as the panel says, in a folder of its own below ``runs``.

    Raises:
        BoxpaintError: An option is out of its range.
    """
    run = new_run_id()
    return GenerationRequest(
        run,
        layout,
        GenerationSettings(
            **{name: getattr(options, name) for name in _SETTINGS},
            loras=tuple(Lora.parse(text) for text in options.loras),
        ),
        options.model,
        str(runs / run),
        detector=options.detector if options.detect else None,
        retry=Retry(attempts=options.attempts) if options.attempts > 1 and options.detect else None,
    )


def again(former: GenerationRequest, runs: Path, *, keep: int = 0) -> GenerationRequest:
    """The same once more; with ``keep`` its first steps are taken over."""
    run = new_run_id()
    if former.retouch:
        return replace(former, run=run, folder=str(runs / run))  # it takes all its base's steps over anyway
    return replace(former, run=run, folder=str(runs / run), base=former.folder if keep else None, keep=keep)


def painting_order(parent: GenerationRequest, painted: Sequence[str | None], layout: Layout) -> Layout:
    """``layout`` with its objects in the order in which a branch paints them.

    The document's order counts if the parent run was painted as listed. Another order is kept as it turned out, so that
    an edit to one object does not shuffle the others; new objects come last.

    Args:
        painted: The objects (by id) of the parent's steps; None for the background.
    """
    if parent.settings.order == "given":
        return layout
    places = {name: place for place, name in enumerate(painted) if name is not None}
    return layout.with_objects(sorted(layout.objects, key=lambda item: places.get(item.id, len(places))))


def shared_steps(parent: GenerationRequest, painted: Sequence[str | None], layout: Layout) -> int:
    """How many of the parent's steps a run of ``layout`` (in painting order) would begin with."""
    if parent.layout.caption != layout.caption or parent.layout.size != layout.size:
        return 0
    before = {item.id: item for item in parent.layout.objects}
    visible = [item for item in layout.objects if not item.hidden]
    shared = 0
    for name, item in zip(painted, visible, strict=False):
        if name != item.id or not _same(before.get(item.id), item):
            break
        shared += 1
    return shared


def _same(one: LayoutObject | None, other: LayoutObject) -> bool:
    return one is not None and (one.prompt, one.box, one.seed) == (other.prompt, other.box, other.seed)


def branch(
    parent: GenerationRequest, painted: Sequence[str | None], layout: Layout, runs: Path, *, keep: int
) -> GenerationRequest:
    """Run on from the parent's first ``keep`` steps (or fewer, if an edit concerns an earlier one) with this layout."""
    ordered = painting_order(parent, painted, layout)
    kept = min(keep, shared_steps(parent, painted, ordered))
    run = new_run_id()
    return replace(
        parent,
        run=run,
        folder=str(runs / run),
        layout=ordered,
        settings=replace(parent.settings, order="given"),
        base=parent.folder if kept else None,
        keep=kept,
        until=None,
        retouch=(),
        retry=None,
    )


def retouches(before: Layout, after: Layout) -> tuple[Retouch, ...]:
    """What to do to a picture of ``before`` to make it one of ``after`` without painting the rest again.

    Removed objects' boxes are filled, then new and changed objects are painted, in the layout's order.
    """
    former = {item.id: item for item in before.objects if not item.hidden}
    present = [item for item in after.objects if not item.hidden]
    changed = [item for item in present if not _same(former.get(item.id), item)]
    gone = [item for name, item in former.items() if name not in {item.id for item in present}]
    gone += [former[item.id] for item in changed if item.id in former and former[item.id].box != item.box]
    fill = [Retouch(kind="background", box=item.box, object_id=item.id, prompt=item.prompt) for item in gone]
    paint = [
        Retouch(kind="foreground", box=item.box, object_id=item.id, prompt=item.prompt, seed=item.seed)
        for item in changed
    ]
    return (*fill, *paint)


def retouch(parent: GenerationRequest, steps: int, layout: Layout, runs: Path) -> GenerationRequest | None:
    """Bring the parent's finished picture (of ``steps`` steps) up to this layout; None when nothing differs."""
    touches = retouches(parent.layout, layout)
    if not touches:
        return None
    run = new_run_id()
    return replace(
        parent,
        run=run,
        folder=str(runs / run),
        layout=layout,
        base=parent.folder,
        keep=steps,
        until=None,
        retouch=touches,
        retry=None,
    )
