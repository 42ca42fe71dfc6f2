"""Hears what the program tells screen readers beside what they ask for: events on the accessibility bus."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import Proxy
from jeepney.wrappers import unwrap_msg

from tests.end_to_end.desk import WAIT
from tests.end_to_end.reader import Place, Reader, Thing

EVENTS = "org.a11y.atspi.Event.Object"
REGISTRY = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")


@dataclass(frozen=True)
class Event:
    """One event.

    Attributes:
        place: What it is about.
        kind: Its name on the bus, such as ``Announcement``; for changes of a property or a state with its name.
        on: Whether a state is on now.
        value: What is new.
    """

    place: Place
    kind: str
    on: bool
    value: Any


class Ear:
    """Listens while it is open, as a context manager.

    Args:
        reader: Whose bus is listened to.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._bus = reader.another()

    def __enter__(self) -> Ear:
        unwrap_msg(
            self._bus.send_and_get_reply(new_method_call(REGISTRY, "RegisterEvent", "sass", ("object:", [], "")))
        )
        Proxy(message_bus, self._bus).AddMatch(MatchRule(type="signal", interface=EVENTS))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bus.close()

    def hear(self, kind: str, value: str) -> str:
        """Wait for an event with a value that is such an expression; the value.

        Raises:
            TimeoutError: Nothing of the kind comes.
        """
        return self._hear(lambda event: event.kind == kind and re.fullmatch(value, str(event.value)) is not None).value

    def hear_on(self, state: str, name: str, *, role: str = "") -> Thing:
        """Wait until something of a name that is such an expression, and of this role if one is given, is in a state.

        Raises:
            TimeoutError: Nothing of the kind comes.
        """

        def wanted(event: Event) -> bool:
            if event.kind != f"StateChanged:{state}" or not event.on:
                return False
            thing = Thing(self._reader, event.place)
            return role in ("", thing.role) and re.fullmatch(name, thing.name) is not None

        return Thing(self._reader, self._hear(wanted).place)

    def _hear(self, wanted: Callable[[Event], bool]) -> Event:
        while True:
            event = _event(self._bus.receive(timeout=WAIT))
            if event is not None and wanted(event):
                return event


def _event(message: Message) -> Event | None:
    fields = message.header.fields
    if message.header.message_type is not MessageType.signal or fields.get(HeaderFields.interface) != EVENTS:
        return None
    minor, first, _, (_, value), *_ = message.body
    name = fields[HeaderFields.member] + (f":{minor}" if minor else "")
    return Event((fields[HeaderFields.sender], fields[HeaderFields.path]), name, bool(first), value)
