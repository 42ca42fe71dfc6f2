"""SQLite files of anybody: read only where they hold nothing but what the program itself would have put in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

LARGEST = 2**28
"""Bytes of the largest database that is opened."""

LONGEST = 2**20
"""Bytes of the longest value in it."""

_MADE = "SELECT type, name, sql FROM sqlite_master"


def refuse_foreign(database: sqlite3.Connection, schema: str) -> None:
    """Look at a database before anything in it is read or changed.

    Views, triggers, computed columns and virtual tables work when a table is read or changed, for as long as they like:
    so a database may only hold the tables and indexes of its schema, word for word.

    Args:
        database: The open database; from now on it refuses values that are too long.
        schema: The statements that make its tables.

    Raises:
        sqlite3.DatabaseError: It is too large, or holds anything else.
    """
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    (pages,), (size,) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    if pages * size > LARGEST:
        raise sqlite3.DatabaseError(f"it is larger than {LARGEST // 2**20} MiB")
    with closing(sqlite3.connect(":memory:")) as own:
        own.executescript(schema)
        known = set(own.execute(_MADE))
    for made in database.execute(_MADE):
        if made not in known:
            raise sqlite3.DatabaseError(f"it holds a {made[0]} that is not made like that by this program")
