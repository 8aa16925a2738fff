"""The runner of the crash tests: an account in which others have something too."""

from crash.conftest import runner

__all__ = ["runner"]
