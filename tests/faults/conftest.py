"""The scenario runner of the crash tests, for the fault tests too."""

from crash.conftest import runner

__all__ = ["runner"]
