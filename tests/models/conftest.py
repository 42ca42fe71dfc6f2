"""What the tests of models share."""

from __future__ import annotations

import pytest

from tests.hub_server import serve_hub

hub = pytest.fixture(serve_hub)
