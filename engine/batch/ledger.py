"""The state of an export: one SQLite file beside the pictures that survives a kill at any moment.

An item goes open → claimed → done or failed. Before a picture's file is put in place, its hash is noted: a picture that
was finished by a process that died a moment later is recognised, and not painted again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from engine.batch.items import Item
from engine.databases import refuse_foreign
from engine.errors import BoxpaintError

FILE = "boxpaint-batch.sqlite"
SCHEMA_VERSION = 1

DATASET = "dataset"
"""Fact: the path of the layouts that the export was last planned from."""

COMMAND = "command"
"""Fact: the command that last painted it, as JSON: its ``words``, and the ``folder`` that their paths start from."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS runs (name TEXT PRIMARY KEY, settings TEXT NOT NULL, model TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL, split TEXT NOT NULL, name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    position INTEGER NOT NULL,
    wanted INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'claimed', 'done', 'failed')),
    owner TEXT, picture TEXT, bytes INTEGER, hash TEXT, seconds REAL, error TEXT,
    UNIQUE (run, split, name)
);
CREATE TABLE IF NOT EXISTS layouts (
    split TEXT NOT NULL, name TEXT NOT NULL,
    labels TEXT NOT NULL,
    PRIMARY KEY (split, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS next_item ON items (wanted, state, position);
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the wanted items are in each state."""

    open: int = 0
    claimed: int = 0
    done: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.open + self.claimed + self.done + self.failed


class Ledger:
    """An export's state file; each process has a connection of its own.

    Args:
        folder: The export's folder.

    Raises:
        BoxpaintError: The file is damaged, of another version, or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._room: Callable[[], bool] = lambda: False
        with self._explained():
            self._db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            refuse_foreign(self._db, SCHEMA)
            self._db.execute("PRAGMA journal_mode=WAL")
            # The last commits may be lost with the power, not with the process; their pictures are painted again.
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(SCHEMA)
            self._db.execute("INSERT OR IGNORE INTO facts VALUES ('schema_version', ?)", (str(SCHEMA_VERSION),))
        version = self.fact("schema_version")
        if version != str(SCHEMA_VERSION):
            raise BoxpaintError(
                f"its version is {version}, this program writes {SCHEMA_VERSION}.", "output", file=str(self.path)
            )

    def close(self) -> None:
        """Give the file free."""
        self._db.close()

    def wait_when_full(self, room: Callable[[], bool]) -> None:
        """What to do when a note does not fit on the disk: ``room`` waits, and says whether to try again."""
        self._room = room

    def fact(self, name: str) -> str | None:
        """A fact about the export."""
        row = self._one("SELECT value FROM facts WHERE name = ?", (name,))
        return row[0] if row else None

    def set_fact(self, name: str, value: str) -> None:
        """Note a fact about the export."""
        self._run("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def runs(self) -> dict[str, dict[str, Any]]:
        """Settings and model of every run."""
        rows = self._all("SELECT name, settings, model FROM runs ORDER BY rowid")
        return {name: {"settings": json.loads(settings), "model": json.loads(model)} for name, settings, model in rows}

    def plan(
        self, items: Sequence[Item], settings: Mapping[str, dict[str, Any]], model: dict[str, Any], *, retry: bool
    ) -> None:
        """Make these the wanted items; what is done already stays done.

        Args:
            items: The items in the order in which they are painted.
            settings: The settings of each run.
            model: What is known about the model, with its ``fingerprint``.
            retry: Whether failed items are tried again.

        Raises:
            BoxpaintError: A picture of the same name was painted with other settings.
        """
        stored = self._all("SELECT run, split, name, fingerprint, state FROM items")
        known = {(run, split, name): (fingerprint, state) for run, split, name, fingerprint, state in stored}
        rows = []
        for position, item in enumerate(items):
            fingerprint = item.fingerprint(model["fingerprint"])
            before = known.get(item.key)
            if before is not None and before[0] != fingerprint and before[1] == "done":
                raise BoxpaintError(
                    "the export holds this picture, painted with other settings, another model or layout.",
                    "output",
                    file=str(self.folder),
                    item="/".join((item.split, item.run, item.name)),
                    hint="Choose another --name or --out.",
                )
            rows.append((*item.key, fingerprint, position))
        with self._transaction():
            self._db.execute("UPDATE items SET wanted = 0")
            self._db.executemany(
                "INSERT INTO items (run, split, name, fingerprint, position) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (run, split, name) DO UPDATE SET wanted = 1, position = excluded.position,"
                " fingerprint = excluded.fingerprint",
                rows,
            )
            layouts = {(item.split, item.name): item.layout.objects for item in items}
            labels = (
                (*key, json.dumps([thing.prompt for thing in things if not thing.hidden]))
                for key, things in layouts.items()
            )
            self._db.executemany("INSERT OR REPLACE INTO layouts VALUES (?, ?, ?)", labels)
            if retry:
                self._db.execute("UPDATE items SET state = 'open', error = NULL WHERE wanted AND state = 'failed'")
            for name, values in settings.items():
                row = (name, json.dumps(values), json.dumps(model))
                self._db.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", row)

    def settle(self) -> list[int]:
        """Make the states true to what lies on the disk; process ids that still hold items are returned.

        Items of dead processes are done if their picture is there as announced, else open. Done items whose picture
        was deleted or changed are open again.
        """
        alive = []
        rows = self._all("SELECT id, state, owner, picture, bytes, hash FROM items WHERE state IN ('claimed', 'done')")
        with self._transaction():
            for identity, state, owner, picture, size, digest in rows:
                if state == "claimed" and (process := _alive(owner)):
                    alive.append(process)
                    continue
                there = self._is_there(picture, size, digest if state == "claimed" else None)
                wanted_state = "done" if there else "open"
                if wanted_state != state:
                    self._db.execute("UPDATE items SET state = ?, owner = NULL WHERE id = ?", (wanted_state, identity))
        return alive

    def claim(self) -> tuple[int, tuple[str, str, str]] | None:
        """Take the next open item for this process: its number and its key; None when none is left."""
        row = self._one(
            "UPDATE items SET state = 'claimed', owner = ?, picture = NULL, hash = NULL WHERE id ="
            " (SELECT id FROM items WHERE wanted AND state = 'open' ORDER BY position LIMIT 1)"
            " RETURNING id, run, split, name",
            (_this_process(),),
        )
        if row:
            self._run("DELETE FROM notes WHERE id = ?", (row[0],))
        return (row[0], (row[1], row[2], row[3])) if row else None

    def announce(self, identity: int, picture: str, content: bytes, seconds: float) -> None:
        """Note which file is about to be written, before it is."""
        values = (picture, len(content), _digest(content), seconds, identity)
        self._run("UPDATE items SET picture = ?, bytes = ?, hash = ?, seconds = ? WHERE id = ?", values)

    def note(self, identity: int, text: str) -> None:
        """Keep what is to be known of how a claimed item is painted, such as that memory ran out meanwhile."""
        self._run("INSERT OR REPLACE INTO notes VALUES (?, ?)", (identity, text))

    def finish(self, identity: int) -> None:
        """The item's picture is in its place."""
        self._run("UPDATE items SET state = 'done', owner = NULL, error = NULL WHERE id = ?", (identity,))

    def fail(self, identity: int, error: BoxpaintError) -> None:
        """The item could not be painted."""
        values = (json.dumps(error.as_dict()), identity)
        self._run("UPDATE items SET state = 'failed', owner = NULL, error = ? WHERE id = ?", values)

    def release(self, identity: int) -> None:
        """Give a claimed item back."""
        try:
            self._run("UPDATE items SET state = 'open', owner = NULL WHERE id = ? AND state = 'claimed'", (identity,))
        except BoxpaintError as error:
            # It was stopped on a full disk. What a process held that is gone is open again at the next start.
            if not is_full(error):
                raise

    def claimed_by(self, process: int) -> list[tuple[int, tuple[str, str, str]]]:
        """The items that a process holds."""
        rows = self._all("SELECT id, run, split, name, owner FROM items WHERE state = 'claimed'")
        return [(row[0], (row[1], row[2], row[3])) for row in rows if row[4].split(":")[0] == str(process)]

    def counts(self) -> Counts:
        """The wanted items by state."""
        return Counts(**dict(self._all("SELECT state, COUNT(*) FROM items WHERE wanted GROUP BY state")))

    def failures(self) -> list[dict[str, Any]]:
        """The wanted items that failed, with their errors."""
        rows = self._all(
            "SELECT run, split, name, error FROM items WHERE wanted AND state = 'failed' ORDER BY position"
        )
        return [{"run": run, "split": split, "name": name, **json.loads(error)} for run, split, name, error in rows]

    def notes(self) -> list[dict[str, str]]:
        """What is to be known of how the wanted items were painted."""
        rows = self._all(
            "SELECT run, split, name, text FROM notes JOIN items USING (id) WHERE wanted AND state = 'done'"
            " ORDER BY position"
        )
        return [{"run": run, "split": split, "name": name, "text": text} for run, split, name, text in rows]

    def finished(self, run: str | None = None) -> list[dict[str, Any]]:
        """Every finished picture: run, split, name, path within the export, and the seconds it took."""
        rows = self._all(
            "SELECT run, split, name, picture, seconds, hash FROM items WHERE state = 'done' AND ? IN (run, '')"
            " ORDER BY position",
            (run or "",),
        )
        names = ("run", "split", "name", "picture", "seconds", "hash")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _is_there(self, picture: str | None, size: int | None, digest: str | None) -> bool:
        if picture is None:
            return False
        path = self.folder / picture
        try:
            if path.stat().st_size != size:
                return False
            return digest is None or _digest(path.read_bytes()) == digest
        except OSError:
            return False

    def _run(self, statement: str, values: Sequence[Any] = ()) -> None:
        self._all(statement, values)

    def _one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        rows = self._all(statement, values)
        return rows[0] if rows else None

    def _all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        while True:
            try:
                with self._explained():
                    return self._db.execute(statement, values).fetchall()
            except BoxpaintError as error:
                if not is_full(error) or not self._room():
                    raise

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self.path)


def is_full(error: BoxpaintError) -> bool:
    """Whether a file or a note could not be written because the disk is full, or the quota used up."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Tell what the database says about a state file in words.

    Raises:
        BoxpaintError: The file cannot be read or written, or is damaged.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise BoxpaintError(
            f"the export's state cannot be read or written ({error}).",
            "output",
            file=str(path),
            hint="Is the disk full, or the folder read-only?",
        ) from error
    except sqlite3.DatabaseError as error:
        raise BoxpaintError(
            f"the export's state is damaged ({error}).",
            "output",
            file=str(path),
            hint="Choose another --out, or delete this file: every picture is then painted again.",
        ) from error


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _this_process() -> str:
    process = psutil.Process()
    return f"{process.pid}:{process.create_time()}"


def _alive(owner: str | None) -> int | None:
    """The id of the process that holds an item, if it is still the same process."""
    number, _, started = (owner or "").partition(":")
    try:
        process = psutil.Process(int(number))
        same = abs(process.create_time() - float(started)) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ValueError):
        return None
    return process.pid if same else None
