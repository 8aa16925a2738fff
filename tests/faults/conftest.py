"""The stage of the crash tests: an account in which others have something too."""

from crash.conftest import stage

__all__ = ["stage"]
