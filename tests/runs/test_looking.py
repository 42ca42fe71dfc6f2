"""A detector beside the painting: what the run tells and keeps, retries, and detectors that fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import BoxpaintError
from engine.events import Detection, DetectionsReady, DetectorReady, RunFailed, RunFinished, StepFinished, StepStarted
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box
from engine.models.loading import load_pipeline
from engine.runs.execute import RunExecution
from engine.runs.records import detections_from, read_record
from engine.runs.request import GenerationRequest, Retry, new_run_id

SETTINGS = GenerationSettings(steps=1, width=64, height=48, seed=3)
LABELS = ("red metal cube", "blue rubber sphere")


class Eye:
    """A detector whose findings are set beforehand: the n-th picture gets the n-th answer."""

    name = "eye"
    labels = LABELS

    def __init__(self, *answers: list[Detection]) -> None:
        self.answers = list(answers)
        self.seen: list[bytes] = []

    def detect(self, images):
        self.seen += [image.tobytes() for image in images]
        return [self.answers.pop(0) if self.answers else [] for _ in images]


@pytest.fixture(scope="module")
def loaded(tiny_pipeline):
    from engine.models.card import read_card

    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


@pytest.fixture
def execute(loaded, tmp_path: Path, tiny_pipeline: Path, two_objects):
    def run(name: str = "run", *, eye=None, **values):
        request = GenerationRequest(
            **{
                "run": new_run_id(),
                "layout": two_objects,
                "settings": SETTINGS,
                "model": str(tiny_pipeline),
                "folder": str(tmp_path / name),
                **values,
            }
        )
        events = []

        def load_detector(name):
            if isinstance(eye, Exception):
                raise eye
            return eye

        more = {} if eye is None else {"load_detector": load_detector}
        RunExecution(request, emit=events.append, load=lambda *_: loaded, cancelled=lambda: False, **more).run()
        return request, events

    return run


def test_every_composite_is_looked_at_and_what_was_found_is_kept(execute, tmp_path, two_objects) -> None:
    hit = Detection(two_objects.objects[0].box, LABELS[0], 0.9)
    eye = Eye([hit], [hit], [])
    _, events = execute(eye=eye)
    assert isinstance(events[-1], RunFinished)
    assert [event.sequence for event in events] == list(range(len(events)))
    ready = [event for event in events if isinstance(event, DetectorReady)]
    assert [(event.name, event.labels, event.problem) for event in ready] == [("eye", LABELS, "")]
    found = {event.index: event.detections for event in events if isinstance(event, DetectionsReady)}
    assert found == {0: (hit,), 1: (hit,), 2: ()}
    composites = [Image.open(event.frames.composite).tobytes() for event in events if isinstance(event, StepFinished)]
    assert eye.seen == composites
    record = read_record(tmp_path / "run")
    assert [detections_from(entry["detections"]) for entry in record["steps"]] == [(hit,), (hit,), ()]
    assert record["detector"] == {"name": "eye", "labels": list(LABELS), "problem": ""}


def test_the_built_in_detector_looks_by_itself(execute, tmp_path) -> None:
    _, events = execute()
    ready = next(event for event in events if isinstance(event, DetectorReady))
    assert ready.problem == "" and "red metal cube" in ready.labels
    assert sum(isinstance(event, DetectionsReady) for event in events) == 3


@pytest.mark.parametrize(("kind", "words"), [(BoxpaintError, ("no weights.", "model")), (RuntimeError, ("boom",))])
def test_a_detector_that_fails_to_load_is_said_once_and_the_run_goes_on(execute, tmp_path, kind, words) -> None:
    # Made here: pytest keeps its parameters, and an error that was raised keeps the frames it passed, the model's too.
    error = kind(*words)
    if isinstance(error, RuntimeError):
        eye = Eye()
        eye.detect = lambda images: (_ for _ in ()).throw(error)
    else:
        eye = error
    _, events = execute(eye=eye)
    assert isinstance(events[-1], RunFinished)
    problems = [event.problem for event in events if isinstance(event, DetectorReady) and event.problem]
    assert len(problems) == 1 and str(error) in problems[0]
    assert not any(isinstance(event, DetectionsReady) for event in events)
    record = read_record(tmp_path / "run")
    assert str(error) in record["detector"]["problem"]
    assert [entry["detections"] for entry in record["steps"]] == [None] * 3


def test_labels_that_do_not_fit_are_not_looked_for_unless_asked(execute) -> None:
    eye = Eye()
    eye.labels = ("a horse",)
    _, events = execute(eye=eye)
    assert not eye.seen and "none of the prompts" in next(e for e in events if isinstance(e, DetectorReady)).problem
    _, events = execute("named", eye=eye, detector="eye")
    assert len(eye.seen) == 3


def test_no_detector_no_word(execute) -> None:
    _, events = execute(eye=Eye(), detector=None)
    assert not any(isinstance(event, (DetectorReady, DetectionsReady)) for event in events)


def test_an_object_is_painted_again_until_it_is_found_and_the_best_is_kept(execute, tmp_path, two_objects) -> None:
    first, second = two_objects.objects
    near = Detection(Box(first.box.x0, first.box.y0, first.box.x1, 1.0), first.prompt, 0.9)
    hit = Detection(first.box, first.prompt, 0.9)
    other = Detection(second.box, second.prompt, 0.9)
    # Looked at: attempts 1 to 3 of step 0, its composite, attempt 1 of step 1, its composite, the background.
    eye = Eye([near], [], [hit], [hit], [hit, other], [hit, other], [])
    _, events = execute(eye=eye, retry=Retry(attempts=5, iou=0.9))
    assert isinstance(events[-1], RunFinished), events[-1]
    assert [event.index for event in events if isinstance(event, StepStarted)] == [0, 0, 0, 1, 2]
    done = [event for event in events if isinstance(event, StepFinished)]
    assert [event.attempts for event in done] == [3, 1, 1]
    assert done[0].seed is not None and done[1].seed is None
    record = read_record(tmp_path / "run")
    assert record["steps"][0]["seed"] == done[0].seed
    assert record["steps"][0]["planned_seed"] == record["planned"][0]["seed"]
    # The next step went on from the attempt that was kept.
    assert Image.open(done[1].frames.context).tobytes() == Image.open(done[0].frames.composite).tobytes()
    # A full run in which the object has that seed paints the same picture.
    layout = two_objects.with_object(replace(first, seed=done[0].seed))
    _, full = execute("full", layout=layout, eye=Eye())
    assert Image.open(full[-1].picture).tobytes() == Image.open(events[-1].picture).tobytes()
    # A branch takes the repainted step over.
    _, branch = execute("branch", base=str(tmp_path / "run"), keep=1, eye=Eye())
    assert isinstance(branch[-1], RunFinished), branch[-1]
    assert Image.open(branch[-1].picture).tobytes() == Image.open(events[-1].picture).tobytes()


def test_the_best_of_several_misses_is_kept(execute, tmp_path, two_objects) -> None:
    first = two_objects.objects[0]
    near = Detection(Box(first.box.x0, first.box.y0, first.box.x1, 1.0), first.prompt, 0.9)
    eye = Eye([], [near], [])
    _, events = execute(eye=eye, retry=Retry(attempts=3, only=0, iou=0.9))
    done = [event for event in events if isinstance(event, StepFinished)]
    assert [event.attempts for event in done] == [3, 1, 1]
    assert done[0].seed is not None


def test_retries_need_seeds_and_a_detector(execute) -> None:
    _, events = execute(settings=replace(SETTINGS, pixels="reference"), retry=Retry())
    assert isinstance(events[-1], RunFailed) and events[-1].field == "retry"
    _, events = execute("other", detector=None, retry=Retry())
    assert isinstance(events[-1], RunFailed) and events[-1].field == "detector"
    with pytest.raises(BoxpaintError):
        Retry(attempts=1)
