"""Following runs of a client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.events import AnyEvent
from engine.runs.request import GenerationRequest
from engine.worker.client import EngineClient


async def listen(
    client: EngineClient, request: GenerationRequest, on_event: Callable[[Any], object] = lambda event: None
) -> list[AnyEvent]:
    """All events of a run; ``on_event`` is told each as it comes."""
    events = []
    async for event in client.run(request):
        events.append(event)
        on_event(event)
    return events
