"""The S3 object that an event is about."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class S3Object:
    """What an event says about its object; None where this kind of event does not say it.

    `key` is the key itself: neither CloudTrail nor S3 encodes it for EventBridge. `size` is in
    bytes. `time` is written as in the event. `requester` is a short name for people to read.
    """

    bucket: str
    key: str
    event: str
    time: str
    via: str
    size: int | None = None
    etag: str | None = None
    version_id: str | None = None
    requester: str | None = None
    source_ip: str | None = None

    def document(self) -> dict[str, str | int]:
        """Return the object as JSON, without the fields that are None."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def as_text(value: object) -> str | None:
    """Return a string as it is, and None for anything else."""
    return value if isinstance(value, str) else None


def as_size(value: object) -> int | None:
    """Return a number of bytes, and None for anything else. CloudTrail writes some as `5.0`."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if value.is_integer():
            return int(value)
        case _:
            return None
