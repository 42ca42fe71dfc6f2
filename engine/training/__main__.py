"""``python -m engine.training``."""

import sys

from engine.training.command import main

sys.exit(main())
