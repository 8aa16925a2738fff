"""What an upload looks like on its way from S3 to a workflow.

A source (`trigger.via`) is one module with everything that is true of it, and one line in SOURCES.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.events import cloudtrail, s3

if TYPE_CHECKING:
    from sfn_s3_cli.events.source import Source

SOURCES: dict[str, Source] = {source.VIA: source for source in (cloudtrail, s3)}
