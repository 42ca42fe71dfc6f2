"""Reads the screen as a screen reader does: through AT-SPI on the accessibility bus."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

ACCESSIBLE = "org.a11y.atspi.Accessible"
COMPONENT = "org.a11y.atspi.Component"
APPLICATIONS = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
NOTHING = "/org/a11y/atspi/null"
"""The path of a child that is counted and not there, such as a button that a row of tabs does not show."""

STATES = {"active": 1, "enabled": 8, "showing": 25}
"""Numbers of AtspiStateType that are asked for."""

AT_ONCE = 64
"""Questions on their way at a time; each alone would wait for two other processes to wake up."""
ANSWER = 60.0
"""Seconds that the program may be busy."""

Place = tuple[str, str]
"""Bus name and path of something that can be read."""


class Reader:
    """The accessibility bus of a desk.

    Args:
        address: The session's bus.
    """

    def __init__(self, address: str) -> None:
        with open_dbus_connection(address) as session:
            question = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
            (found,) = unwrap_msg(session.send_and_get_reply(question))
        self._address = found
        self._bus = self.another()

    def another(self) -> DBusConnection:
        """One more connection to the bus."""
        return open_dbus_connection(self._address)

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def ask(self, question: Message) -> Any:
        """The answer to a question."""
        (answer,) = unwrap_msg(self._bus.send_and_get_reply(question, timeout=ANSWER))
        return answer

    def ask_all(self, questions: Sequence[Message]) -> list[Any]:
        """The answers to many questions; None from what is there no more."""
        answers: list[Any] = [None] * len(questions)
        for first in range(0, len(questions), AT_ONCE):
            waiting = {}
            for number, question in enumerate(questions[first : first + AT_ONCE], first):
                serial = next(self._bus.outgoing_serial)
                self._bus.send(question, serial=serial)
                waiting[serial] = number
            while waiting:
                reply = self._bus.receive(timeout=ANSWER)
                place = waiting.pop(reply.header.fields.get(HeaderFields.reply_serial, 0), None)
                if place is not None and reply.header.message_type is MessageType.method_return:
                    answers[place] = reply.body[0]
        return answers

    def programs(self) -> dict[int, Thing]:
        """Everything that can be read, by process."""
        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        (places,) = self.ask_all([_question(APPLICATIONS, "GetChildren")])
        if places is None:
            return {}  # the registry starts with the first program, and may end and start again with the next
        ids = self.ask_all([new_method_call(bus, "GetConnectionUnixProcessID", "s", (name,)) for name, _ in places])
        return {number: Thing(self, (name, path)) for number, (name, path) in zip(ids, places, strict=True)}


def _question(
    place: Place, method: str, interface: str = ACCESSIBLE, signature: str | None = None, words: tuple[Any, ...] = ()
) -> Message:
    name, path = place
    return new_method_call(DBusAddress(path, name, interface), method, signature, words)


def _property(place: Place, name: str, interface: str = ACCESSIBLE) -> Message:
    return _question(place, "Get", "org.freedesktop.DBus.Properties", "ss", (interface, name))


@dataclass(frozen=True)
class Thing:
    """Something on the screen: a button, a list, a row of it, a box on the canvas."""

    reader: Reader
    place: Place

    def _tells(self, question: Message) -> Any:
        """Its answer, or None when it is there no more."""
        return self.reader.ask_all([question])[0]

    @property
    def name(self) -> str:
        """What it is called, or what is written on it; empty when it is there no more."""
        told = self._tells(_property(self.place, "Name"))
        return told[1] if told else ""

    @property
    def role(self) -> str:
        """What kind of thing it is; empty when it is there no more."""
        return self._tells(_question(self.place, "GetRoleName")) or ""

    @property
    def description(self) -> str:
        """What is told of it after its name."""
        return self.reader.ask(_property(self.place, "Description"))[1]

    @property
    def text(self) -> str:
        """What was typed into it."""
        return self.reader.ask(_question(self.place, "GetText", "org.a11y.atspi.Text", "ii", (0, -1)))

    @property
    def value(self) -> float:
        """Where a slider or a number stands."""
        return self.reader.ask(_property(self.place, "CurrentValue", "org.a11y.atspi.Value"))[1]

    def is_(self, state: str) -> bool:
        """Whether it is active, enabled or showing."""
        states = self._tells(_question(self.place, "GetState"))
        return states is not None and _has(states, state)

    @property
    def rectangle(self) -> tuple[int, int, int, int]:
        """Left, top, width and height on the screen."""
        return self.reader.ask(_extents(self.place))

    @property
    def middle(self) -> tuple[int, int]:
        """Where to click."""
        left, top, width, height = self.rectangle
        return left + width // 2, top + height // 2

    @property
    def children(self) -> list[Thing]:
        """What is directly in it."""
        return [
            Thing(self.reader, (name, path)) for name, path in self._tells(_question(self.place, "GetChildren")) or ()
        ]

    def find_all(self, role: str, name: str = ".*") -> list[Thing]:
        """All that is seen of a role in it, those with fewer things round them first."""
        ask, level, found = self.reader.ask_all, [self.place], []
        while level:
            families = ask([_question(place, "GetChildren") for place in level])
            children = [tuple(child) for family in families for child in family or () if child[1] != NOTHING]
            roles = ask([_question(child, "GetRoleName") for child in children])
            states = ask([_question(child, "GetState") for child in children])
            level = [child for child, state in zip(children, states, strict=True) if state and _has(state, "showing")]
            found += [child for child, known in zip(children, roles, strict=True) if known == role and child in level]
        names = ask([_property(place, "Name") for place in found])
        areas = ask([_extents(place) for place in found])
        return [
            Thing(self.reader, place)
            for place, told, area in zip(found, names, areas, strict=True)
            if told and area and re.fullmatch(name, told[1], re.DOTALL) and _on_screen(area)
        ]


def _has(states: Sequence[int], state: str) -> bool:
    number = STATES[state]
    return bool(states[number // 32] >> number % 32 & 1)


def _extents(place: Place) -> Message:
    return _question(place, "GetExtents", COMPONENT, "u", (0,))


def _on_screen(area: tuple[int, int, int, int]) -> bool:
    """Whether it is not on a page behind another one, which Qt puts to the left of the screen."""
    left, top, width, height = area
    return left + width > 0 and top + height > 0
