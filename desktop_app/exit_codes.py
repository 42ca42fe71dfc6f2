"""What the program's exit code says (DESIGN: command line)."""

BAD_INPUT = 2
SOME_FAILED = 3
CANCELLED = 130
