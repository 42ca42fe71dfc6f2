"""GUI tests leave nothing behind: no widget, no thread, no complaint of Qt's."""

from __future__ import annotations

import pytest

from tests.ui.leaks import watch_for_leaks

no_leaks = pytest.fixture(autouse=True)(watch_for_leaks)
