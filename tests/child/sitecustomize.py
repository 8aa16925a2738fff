"""Runs first in a child process of the tests: installs the contract check and the faults.

Python imports one module of this name; `script.py` puts this folder on the children's PYTHONPATH.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.append(
    str(Path(__file__).parents[1])
)  # last, so that no module of the tests hides another

import contract

contract.install_in_child()

if "FAULTS" in os.environ or "CALLS" in os.environ:
    from faults import injector

    injector.install()
