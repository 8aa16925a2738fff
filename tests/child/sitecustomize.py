"""What a child process of the tests does first: it is held to the contract, and faults are put in.

Python imports one module of this name; `script.py` puts this folder on the children's PYTHONPATH.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # last: no module is hidden by a test's

import contract

contract.install_in_child()

if "FAULTS" in os.environ or "CALLS" in os.environ:
    from faults import injector

    injector.install()
