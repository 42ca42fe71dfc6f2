"""Scores of single pictures as they are kept: which are the worst, and where one run wins over another.

A run's scores are kept in ``boxpaint-scores`` beside its pictures, so that a gallery opens them without scoring again:
``<run>.json`` is the document that ``boxpaint evaluate --json`` prints, ``<run>.sqlite`` has one row for each picture,
with what became of its targets as JSON that is read when it is wanted. Light to import: the window reads them too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.databases import refuse_foreign
from engine.errors import BoxpaintError
from engine.evaluation.kept_checks import check_counts, check_detail, check_document
from engine.files import read_bytes, write_bytes, write_json
from engine.formats.checks import number, placed, text, whole
from engine.formats.source import parse_json

FOLDER = "boxpaint-scores"
"""Folder of the scores, within that of the pictures."""

FOUND = ("hit", "duplicated")
"""Verdicts on targets that were found."""

_LARGEST = 2**26
"""Bytes of the largest document that is read."""

_SCHEMA = """
CREATE TABLE pictures (
    position INTEGER PRIMARY KEY,
    split TEXT NOT NULL, name TEXT NOT NULL,
    ap REAL NOT NULL, ap50 REAL NOT NULL, targets INTEGER NOT NULL, hits INTEGER NOT NULL,
    verdicts TEXT NOT NULL, detail TEXT NOT NULL,
    UNIQUE (split, name)
);
"""


@dataclass(frozen=True, slots=True)
class PictureScore:
    """What one picture scores.

    Attributes:
        split, name: Of its layout.
        ap, ap50: COCO's AP and AP50 over this picture alone, in [0, 1]; -1 for a picture without targets.
        targets, hits: Number of its targets, and of those that were found.
        verdicts: How often each verdict was given to a target or a surplus detection; those never given are left out.
    """

    split: str
    name: str
    ap: float
    ap50: float
    targets: int
    hits: int
    verdicts: Mapping[str, int]

    @property
    def key(self) -> tuple[str, str]:
        """Split and name."""
        return self.split, self.name


@dataclass(frozen=True, slots=True)
class PictureDetail:
    """What became of each target of a picture. Boxes are normalised ``x0, y0, x1, y1``.

    Attributes:
        targets: For each target ``object`` (its id), ``label``, ``box``, ``verdict`` (a key of ``TARGET_VERDICTS``),
            ``detail``, ``iou`` and ``found`` (``label``, ``score``, ``box``; or None).
        surplus: For each detection that stands for no target ``label``, ``verdict`` (a key of ``SURPLUS_VERDICTS``) and
            ``found``.
    """

    targets: Sequence[Mapping[str, Any]]
    surplus: Sequence[Mapping[str, Any]]

    @property
    def found(self) -> frozenset[str]:
        """Ids of the targets that were found."""
        return frozenset(target["object"] for target in self.targets if target["verdict"] in FOUND)


@dataclass(frozen=True, slots=True)
class Duel:
    """One picture in two runs.

    Attributes:
        split, name: Of its layout.
        ap: Its AP in each run.
        hits: Targets found in each run.
    """

    split: str
    name: str
    ap: tuple[float, float]
    hits: tuple[int, int]

    @property
    def outcome(self) -> str:
        """``"win"``, ``"loss"`` or ``"draw"`` of the second run: by targets found, and where equal, by AP."""
        gain = (self.hits[1] - self.hits[0]) or (self.ap[1] - self.ap[0])
        return "win" if gain > 0 else "loss" if gain < 0 else "draw"

    def as_dict(self) -> dict[str, Any]:
        """The duel as JSON values."""
        return {**asdict(self), "outcome": self.outcome}


def compare(first: Sequence[PictureScore], second: Sequence[PictureScore]) -> list[Duel]:
    """The pictures that both runs have, the second run's greatest losses first, its greatest wins last."""
    others = {score.key: score for score in second}
    duels = [
        Duel(one.split, one.name, (one.ap, other.ap), (one.hits, other.hits))
        for one in first
        if (other := others.get(one.key)) is not None
    ]
    return sorted(duels, key=lambda duel: (duel.hits[1] - duel.hits[0], duel.ap[1] - duel.ap[0]))


def keep_scores(
    folder: Path, run: str, document: Mapping[str, Any], pictures: Sequence[tuple[PictureScore, PictureDetail]]
) -> tuple[Path, Path]:
    """Write a run's scores beside its pictures; the paths of the document and of the pictures' rows.

    Raises:
        BoxpaintError: They cannot be written.
    """
    summary, rows = score_files(folder, run)
    # The pictures first: where the document is, they are too.
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(_SCHEMA)
        database.executemany(
            "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(place, score.split, score.name, score.ap, score.ap50, score.targets, score.hits),
                    *(_compact(score.verdicts), _compact([detail.targets, detail.surplus])),
                )
                for place, (score, detail) in enumerate(pictures)
            ),
        )
        database.commit()
        write_bytes(rows, database.serialize())
    write_json(summary, {"run": run, **document})
    return summary, rows


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def score_files(folder: Path, run: str) -> tuple[Path, Path]:
    """Where the scores of a run are kept, whether they are there or not."""
    return folder / FOLDER / f"{run}.json", folder / FOLDER / f"{run}.sqlite"


def scored_runs(folder: Path) -> list[str]:
    """The runs whose scores are kept in a folder."""
    names = (path.name.removesuffix(".json") for path in sorted((folder / FOLDER).glob("*.json")))
    return [name for name in names if score_files(folder, name)[1].is_file()]


def read_summary(folder: Path, run: str) -> dict[str, Any]:
    """The document of a run's scores.

    Raises:
        BoxpaintError: It is not there, or damaged.
    """
    path, _ = score_files(folder, run)
    document = parse_json(read_bytes(path, limit=_LARGEST, kind="scores"), str(path))
    if not isinstance(document, dict):
        raise _damaged(path)
    with _placed(path):
        check_document(document)
    return document


def read_picture_scores(folder: Path, run: str) -> list[PictureScore]:
    """The scores of a run's pictures, in the order in which they were scored.

    Raises:
        BoxpaintError: They are not there, or damaged.
    """
    path = score_files(folder, run)[1]
    rows = _rows(folder, run, "SELECT split, name, ap, ap50, targets, hits, verdicts FROM pictures ORDER BY position")
    with _placed(path):
        return [
            PictureScore(
                text(split, field="split"),
                text(name, field="name"),
                number(ap, field="ap"),
                number(ap50, field="ap50"),
                whole(targets, field="targets"),
                whole(hits, field="hits"),
                check_counts(_json(verdicts, path)),
            )
            for split, name, ap, ap50, targets, hits, verdicts in rows
        ]


def read_detail(folder: Path, run: str, split: str, name: str) -> PictureDetail | None:
    """What became of the targets of one picture; None where it was not scored.

    Raises:
        BoxpaintError: The scores are not there, or damaged.
    """
    path = score_files(folder, run)[1]
    rows = _rows(folder, run, "SELECT detail FROM pictures WHERE split = ? AND name = ?", (split, name))
    with _placed(path):
        return PictureDetail(*check_detail(_json(rows[0][0], path))) if rows else None


def _json(value: object, path: Path) -> Any:
    return parse_json(text(value, field="pictures").encode(), str(path))


@contextmanager
def _placed(path: Path) -> Iterator[None]:
    """Say of which file an error tells."""
    try:
        yield
    except BoxpaintError as error:
        raise placed(error, file=str(path)) from error.__cause__


def _rows(folder: Path, run: str, statement: str, values: Sequence[str] = ()) -> list[Any]:
    _, path = score_files(folder, run)
    if not path.is_file():
        raise BoxpaintError("there are no scores of this run.", "scores", file=str(path), hint="Score it first.")
    try:
        # Nobody writes into the file: it is replaced as a whole. So it can lie on a read-only disk too.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            refuse_foreign(database, _SCHEMA)
            return database.execute(statement, values).fetchall()
    except sqlite3.DatabaseError as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> BoxpaintError:
    return BoxpaintError("these scores are damaged.", "scores", file=str(path), hint="Score the run again.")
