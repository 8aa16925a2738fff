"""What `init` reads from the account, to ask better questions: nothing that it cannot do without.

Nothing here waits long, asks for an MFA code or starts a cloud.
"""

from __future__ import annotations

import queue
import threading
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sfn_s3_cli.checks.credentials import has_credentials
from sfn_s3_cli.commands.candidates import refuse_mfa

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.events.delivery import Delivery

T = TypeVar("T")

LIMIT = 5.0
"""Seconds that a question waits for AWS."""


class NotRead(NamedTuple):
    """AWS did not answer. `why` is empty if it was not asked, without credentials for example."""

    why: str


class Account:
    """The account of the credentials; with `--local` that of the cloud, if it is running."""

    def __init__(self, context: Context, limit: float = LIMIT) -> None:
        self._context = context
        self._limit = limit

    def list_buckets(self) -> list[str] | NotRead:
        """The names of its buckets in the region."""

        def ask(aws: Aws) -> list[str]:
            from sfn_s3_cli.aws.buckets import list_names

            return list_names(aws)

        return self._ask(ask)

    def read_delivery(self, name: str, bucket: str) -> Delivery:
        """What delivers the events of a bucket already."""
        from sfn_s3_cli.events.delivery import Delivery

        def ask(aws: Aws) -> Delivery:
            from sfn_s3_cli.resources.existing_buckets import read_delivery

            return read_delivery(aws, name, bucket)

        answer = self._ask(ask)
        return Delivery(not_read=answer.why) if isinstance(answer, NotRead) else answer

    def _ask(self, ask: Callable[[Aws], T]) -> T | NotRead:
        if not self._is_reachable:
            return NotRead("")
        answers: queue.SimpleQueue[T | NotRead] = queue.SimpleQueue()
        # A daemon: Python waits for the threads of a pool when it ends, however long they take.
        threading.Thread(target=lambda: answers.put(self._try(ask)), daemon=True).start()
        try:
            return answers.get(timeout=self._limit)
        except queue.Empty:
            self._is_reachable = False
            return NotRead(f"no answer within {self._limit:g} seconds")

    def _try(self, ask: Callable[[Aws], T]) -> T | NotRead:
        try:
            return ask(self._aws)
        except Exception as error:  # noqa: BLE001  (whatever it is, the user can answer without)
            from sfn_s3_cli.aws.errors import code_of
            from sfn_s3_cli.aws.explain import describe_error, explain_briefly

            if isinstance(error, EOFError):
                return NotRead("the profile asks for an MFA code")
            return NotRead(explain_briefly(error) if code_of(error) else describe_error(error))

    @cached_property
    def _is_reachable(self) -> bool:
        """Whether there is something to ask."""
        options = self._context.options
        if options.local:
            from sfn_s3_cli.local import process

            return process.read_record(self._context.state_dir) is not None
        return options.profile is not None or has_credentials(self._context.environ)

    @cached_property
    def _aws(self) -> Aws:
        """Does not read the config of the folder: `init` is about to write one."""
        refuse_mfa()
        from sfn_s3_cli.aws import client

        options = self._context.options
        if not options.local:
            return client.connect(profile=options.profile, region=options.region, is_hurried=True)
        from sfn_s3_cli.errors import SfnctlError
        from sfn_s3_cli.local import process

        cloud = process.find(self._context.state_dir)
        if cloud is None:
            raise SfnctlError("the local cloud is not running")
        return client.connect_locally(cloud.endpoint_url, region=options.region)
