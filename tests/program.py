"""The program as it is started from a command line."""

from __future__ import annotations

import sys

PROGRAM = (sys.executable, "-m", "nn_tutor")
