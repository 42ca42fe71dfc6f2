"""``python tests/watched_network.py COUNTS COMMANDS``: carries commands out where every use of a network is seen.

COMMANDS is a JSON file: a list of command lines. COUNTS is written as JSON: their exit codes, and how many datagrams
were sent and connections begun by whatever they started, in whatever language it is written. To be started in a network
namespace of its own (``unshare --user --map-root-user --net``), where nothing but this program uses the network. All
addresses there lead back to it: to libraries the network looks as if it were up.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

_SET_FLAGS, _ADD_ROUTE, _UP = 0x8914, 0x890B, 0x41
"""See netdevice(7) and rtnetlink(7): SIOCSIFFLAGS, SIOCADDRT, IFF_UP | IFF_RUNNING."""


class Route(ctypes.Structure):
    """The kernel's ``struct rtentry``."""

    _fields_ = (
        ("pad1", ctypes.c_ulong),
        ("destination", ctypes.c_ubyte * 16),
        ("gateway", ctypes.c_ubyte * 16),
        ("mask", ctypes.c_ubyte * 16),
        ("flags", ctypes.c_ushort),
        ("pad2", ctypes.c_short),
        ("pad3", ctypes.c_ulong),
        ("pad4", ctypes.c_void_p),
        ("metric", ctypes.c_short),
        ("device", ctypes.c_char_p),
        ("rest", ctypes.c_ulong * 3),
    )


def lead_everything_back() -> None:
    """Bring the loopback device up, and make it the way to every address."""
    anywhere = (ctypes.c_ubyte * 16)(*struct.pack("H14x", socket.AF_INET))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))
        route = Route(destination=anywhere, gateway=anywhere, mask=anywhere, flags=1, device=b"lo")
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.ioctl(handle.fileno(), _ADD_ROUTE, ctypes.byref(route)):
            raise OSError(ctypes.get_errno(), "the route cannot be added")


def used() -> dict[str, int]:
    """Datagrams sent, connections begun, and attempts without a route, in this namespace so far."""
    rows: dict[str, list[list[str]]] = {}
    for line in Path("/proc/net/snmp").read_text().splitlines():
        protocol, *values = line.split()
        rows.setdefault(protocol, []).append(values)
    counts = {
        protocol + name: int(value)
        for protocol, (names, values) in rows.items()
        for name, value in zip(names, values, strict=True)
    }
    return {name: counts[name] for name in ("Udp:OutDatagrams", "Tcp:ActiveOpens", "Ip:OutNoRoutes")}


if __name__ == "__main__":
    lead_everything_back()
    commands = json.loads(Path(sys.argv[2]).read_text())
    codes = [subprocess.run(command, env=dict(os.environ), check=False).returncode for command in commands]
    Path(sys.argv[1]).write_text(json.dumps({"codes": codes, "used": used()}))
