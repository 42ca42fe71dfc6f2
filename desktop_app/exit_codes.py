"""What the program's exit code says (DESIGN: command line)."""

BAD_INPUT = 2
SOME_FAILED = 3
CANCELLED = 130
READER_GONE = 141
"""Whoever read the output has gone, as in ``boxpaint inspect … | head``: what a shell says of SIGPIPE."""
