"""One evaluation from files to scores: preflight, detections from pictures or from a results file, figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.detection.fitting import prompts_of
from engine.detection.protocol import Detector
from engine.errors import BoxpaintError
from engine.evaluation.detecting import detect_files
from engine.evaluation.identities import resolve
from engine.evaluation.pictures import locate, look_at
from engine.evaluation.preflight import Finding, check, counted
from engine.evaluation.protocols import Protocol, categories_of
from engine.evaluation.truth import NO_SPLIT, Found, Truth, make_found, make_truth
from engine.formats.coco_detections import read_results
from engine.formats.dataset import Dataset, Entry
from engine.formats.registry import no_such_split
from engine.layout.matching import plain

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many pictures are done, and of how many."""

Told = Callable[[Sequence[Finding]], None]
"""Told what the preflight saw, before anything is detected or scored."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that scores are computed from.

    Attributes:
        truth: The targets of the pictures that are scored.
        found: The detections in them.
        entries: The layouts of the truth's pictures, in the same order.
        pictures: The picture of each; empty when detections came from a file.
        categories: Class names with the ids of the dataset's files.
        findings: What the preflight saw.
    """

    truth: Truth
    found: Found
    entries: tuple[Entry, ...]
    pictures: tuple[Path, ...]
    categories: dict[str, int]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be scored, and how.

    Attributes:
        dataset: The layouts.
        protocol: The protocol.
        splits: Only these splits; empty = all.
        allow: Whether to go on in spite of what the preflight refuses.
        held_out: Only the last layouts of each split: a number, or below 1 a share. None = all. Trainings leave such
            layouts out.
    """

    dataset: Dataset
    protocol: Protocol
    splits: tuple[str, ...] = ()
    allow: bool = False
    held_out: float | None = None

    @property
    def file(self) -> str:
        """The dataset's path, for errors."""
        return str(self.dataset.path)

    @property
    def chosen(self) -> list[Entry]:
        """The layouts of the chosen splits.

        Raises:
            BoxpaintError: There is no such split, or the held-out share of every split is less than a layout.
        """
        groups = self._groups()
        chosen = [entry for group in groups.values() for entry in group[len(group) - self._count(len(group)) :]]
        if groups and not chosen:
            largest = max(map(len, groups.values()))
            raise BoxpaintError(
                f"{self.held_out:g} of the layouts is less than one: no split has more than {largest}.",
                "usage",
                file=self.file,
                field="--held-out",
                hint="Give a larger share, or a number of layouts, such as 1; without --held-out all are scored.",
            )
        return chosen

    @property
    def passed_over(self) -> tuple[str, ...]:
        """The chosen splits of which the held-out share is less than a layout.

        Raises:
            BoxpaintError: There is no such split.
        """
        return tuple(split for split, group in self._groups().items() if not self._count(len(group)))

    @property
    def prompts(self) -> tuple[str, ...]:
        """What the chosen layouts ask for, each prompt once.

        Raises:
            BoxpaintError: There is no such split.
        """
        return prompts_of(entry.layout for entry in self.chosen)

    def _groups(self) -> dict[str, list[Entry]]:
        """The layouts of the chosen splits, by split."""
        for split in self.splits:
            if split not in (*self.dataset.splits, NO_SPLIT):
                raise no_such_split(split, self.dataset)
        groups: dict[str, list[Entry]] = {}
        for entry in self.dataset.entries:
            split = entry.split or NO_SPLIT
            if not self.splits or split in self.splits:
                groups.setdefault(split, []).append(entry)
        return groups

    def _count(self, number: int) -> int:
        if self.held_out is None:
            return number
        return min(number, round(self.held_out if self.held_out >= 1 else self.held_out * number))


def prepare_pictures(
    question: Question,
    folder: Path,
    detector: Detector,
    *,
    run: str | None = None,
    on_progress: Progress = lambda what, done, total: None,
    on_findings: Told = lambda findings: None,
) -> Prepared:
    """Find, check and look at the pictures of a folder, then detect what is in them.

    Raises:
        PreflightError: Something is wrong with them, and it was not asked to go on.
        BoxpaintError: Nothing can be scored.
    """
    entries = question.chosen
    located = locate(folder, entries, run=run, known=[entry.name for entry in question.dataset.entries])
    findings = [*_about_layouts(question, entries, detector.labels), *located.findings]
    pairs = zip(entries, located.pictures, strict=True)
    return _look(question, pairs, findings, folder, detector, on_progress, on_findings)


def prepare_own_pictures(
    question: Question,
    detector: Detector,
    *,
    on_progress: Progress = lambda what, done, total: None,
    on_findings: Told = lambda findings: None,
) -> Prepared | None:
    """As ``prepare_pictures``, with the pictures that lie beside the dataset's layouts; None where it has none.

    Raises:
        PreflightError, BoxpaintError: As there.
    """
    entries = question.chosen
    if all(entry.picture is None for entry in entries):
        return None
    findings = list(_about_layouts(question, entries, detector.labels))
    missing = tuple(entry.name for entry in entries if entry.picture is None)
    if missing:
        message = f"{counted(missing, 'layout')} without a picture."
        findings.append(Finding("missing-pictures", message, True, missing, "They are left out of the scores."))
    path = Path(question.file)
    folder = path if path.is_dir() else path.parent
    pairs = ((entry, entry.picture) for entry in entries)
    return _look(question, pairs, findings, folder, detector, on_progress, on_findings)


def _look(
    question: Question,
    pairs: Iterable[tuple[Entry, Path | None]],
    findings: list[Finding],
    folder: Path,
    detector: Detector,
    on_progress: Progress,
    on_findings: Told,
) -> Prepared:
    """Look at the pictures that are there, refuse them if need be, and detect what is in them."""
    protocol = question.protocol
    present = [(entry, path) for entry, path in pairs if path is not None]
    if not present:
        check(findings, allow=question.allow, file=str(folder), nothing_left=True)
    if any(finding.kind == "undetectable-categories" for finding in findings):
        check(findings, allow=question.allow, file=str(folder))  # before thousands of pictures are opened
    names = [_name_in(folder, path) for _, path in present]
    total = len(present)
    findings += look_at(
        [(name, path) for name, (_, path) in zip(names, present, strict=True)],
        protocol.size,
        [entry.layout.size for entry, _ in present],
        lambda done: on_progress("looking at pictures", done, total),
    )
    check(findings, allow=question.allow, file=str(folder))
    on_findings(findings)
    unreadable = {name for finding in findings if finding.kind == "unreadable-pictures" for name in finding.items}
    present = [pair for name, pair in zip(names, present, strict=True) if name not in unreadable]
    if not present:
        check(findings, allow=question.allow, file=str(folder), nothing_left=True)
    categories = categories_of(question.dataset)
    truth = make_truth([entry for entry, _ in present], _labels(protocol, categories), protocol.size)
    _refuse_nothing(truth, question)
    paths = [path for _, path in present]
    found = detect_files(paths, detector, protocol.size, lambda done: on_progress("detecting", done, total))
    detections = dict(enumerate(found))
    return Prepared(
        truth,
        make_found(detections, truth),
        tuple(entry for entry, _ in present),
        tuple(paths),
        categories,
        tuple(findings),
    )


def _name_in(folder: Path, path: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def prepare_results(question: Question, results: Path, *, on_findings: Told = lambda findings: None) -> Prepared:
    """Take the detections of a COCO results file.

    Raises:
        PreflightError: Something is wrong with it, and it was not asked to go on.
        BoxpaintError: It cannot be read, or nothing can be scored.
    """
    entries = question.chosen
    categories = categories_of(question.dataset)
    truth = make_truth(entries, _labels(question.protocol, categories), question.protocol.size)
    columns = read_results(results)
    found, findings = resolve(columns, truth, entries, question.dataset.entries, categories, str(results))
    findings = [*_about_layouts(question, entries, None), *findings]
    check(findings, allow=question.allow, file=str(results))
    on_findings(findings)
    _refuse_nothing(truth, question)
    return Prepared(truth, found, tuple(entries), (), categories, tuple(findings))


def _labels(protocol: Protocol, categories: dict[str, int]) -> tuple[str, ...]:
    return protocol.labels or tuple(categories)


def _about_layouts(question: Question, entries: Sequence[Entry], detectable: Sequence[str] | None) -> list[Finding]:
    """Prompts that are no class of the protocol, classes that the detector cannot find, splits without a target."""
    prompts: dict[str, str] = {}
    """Every prompt with the first layout that has it."""
    for entry in entries:
        for item in entry.layout.objects:
            if not item.hidden:
                prompts.setdefault(item.prompt, entry.name)
    labels = question.protocol.labels or tuple(categories_of(question.dataset))
    known = set(map(plain, labels))
    unknown = tuple(f"{prompt} in {name}" for prompt, name in prompts.items() if plain(prompt) not in known)
    findings = [Finding("dataset", f"{question.file}: {warning}") for warning in question.dataset.warnings]
    if unknown:
        message = f"{counted(unknown, 'prompt')} that the protocol {question.protocol.name} has no class for."
        done = "Such objects are left out of the scores."
        findings.append(Finding("unknown-categories", message, True, unknown, done, question.file))
    if detectable is not None:
        seen = set(map(plain, detectable))
        blind = tuple(prompt for prompt in prompts if plain(prompt) in known - seen)
        if blind:
            message = f"{counted(blind, 'class', 'classes')} that the detector does not know."
            findings.append(Finding("undetectable-categories", message, True, blind, "They count as not found."))
    targets = {entry.split or NO_SPLIT for entry in entries if any(not item.hidden for item in entry.layout.objects)}
    empty = tuple(
        dict.fromkeys(entry.split or NO_SPLIT for entry in entries if (entry.split or NO_SPLIT) not in targets)
    )
    if empty:
        message = f"{counted(empty, 'split')} without any object: nothing can be found in it."
        done = "Its figures are not defined (-1)."
        findings.append(Finding("empty-split", message, True, empty, done, question.file))
    bare = tuple(split for split in question.dataset.empty if not question.splits or split in question.splits)
    if bare:
        message = f"{counted(bare, 'split')} without any layout."
        findings.append(Finding("empty-split", message, True, bare, "It has no figures.", question.file))
    if passed := question.passed_over:
        message = f"{counted(passed, 'split')} with so few layouts that the held-out share is less than one."
        findings.append(Finding("empty-split", message, False, passed, "It has no figures.", question.file))
    return findings


def _refuse_nothing(truth: Truth, question: Question) -> None:
    if len(truth.image):
        return
    if not question.dataset.entries:
        hint = "It has no layouts."
    elif not any(not item.hidden for entry in question.chosen for item in entry.layout.objects):
        hint = "None of the chosen layouts has an object that is not hidden."
    else:
        hint = f"The protocol {question.protocol.name} knows none of the prompts; see --protocol."
    raise BoxpaintError("there is no target to score.", "preflight", file=question.file, hint=hint)
