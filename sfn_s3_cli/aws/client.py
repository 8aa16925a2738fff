"""The only door to AWS: a session, its clients, and the endpoint that they call."""

from __future__ import annotations

import os
import re
import threading
from datetime import timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.exceptions import NoRegionError
from botocore.loaders import Loader, create_loader

from sfn_s3_cli import __version__
from sfn_s3_cli.aws.calls import CallHooks
from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.clock import Clock, SystemClock
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.local import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_iam import IAMClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient
    from types_boto3_sts import STSClient

    from sfn_s3_cli.aws.calls import ApiCall

C = TypeVar("C")

# In the order in which a command needs them: the first reads depend on each other.
SERVICES = ("stepfunctions", "sqs", "s3", "iam", "cloudtrail", "logs", "events", "cloudwatch")

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=32,
    user_agent_extra=f"sfnctl/{__version__}",
)

# The embedded cloud has no host names below its address, and is never behind a proxy.
_LOCAL_CONFIG = _CONFIG.merge(
    Config(inject_host_prefix=False, proxies={}, s3={"addressing_style": "path"})
)


def _attempts(number: int) -> Config:
    """Sets both, because botocore's default mode and number of attempts differ by release."""
    return Config(retries={"mode": "standard", "total_max_attempts": number})


_RETRIES = _attempts(8)
_WITHOUT_RETRIES = _attempts(1)
_WATCHING = _WITHOUT_RETRIES.merge(Config(read_timeout=15))
_SHORT_TIMEOUT = _attempts(1).merge(Config(connect_timeout=2, read_timeout=5))

_LONGEST_SLEEP = 0.5  # seconds until a pause notices that the command is interrupted


_ACCOUNT_AT_ADDRESS = re.compile(r"(?<=://)[0-9]{12}\.(?=(localhost|[0-9]+(\.[0-9]+){3}|\[)[:/])")


def _drop_account_from_address(params: dict[str, Any], **_: object) -> None:
    """Removes the account that botocore puts before the host: an address has no subdomains."""
    params["url"] = _ACCOUNT_AT_ADDRESS.sub("", params["url"])


class _Client(Generic[C]):
    """A client that `Aws` creates when it is first used."""

    def __init__(self, service: str, config: Config = _RETRIES) -> None:
        self.service = service
        self.config = config

    def __get__(self, aws: Aws, owner: type[Aws]) -> C:
        client: C = aws.client(self)
        return client


class Aws:
    """One region of one account, on AWS or on the embedded cloud. Safe to use from many threads."""

    cloudtrail: _Client[CloudTrailClient] = _Client("cloudtrail")
    cloudwatch: _Client[CloudWatchClient] = _Client("cloudwatch")
    events: _Client[EventBridgeClient] = _Client("events")
    iam: _Client[IAMClient] = _Client("iam")
    logs: _Client[CloudWatchLogsClient] = _Client("logs")
    s3: _Client[S3Client] = _Client("s3")
    s3control: _Client[Any] = _Client("s3control")
    sqs: _Client[SQSClient] = _Client("sqs")
    stepfunctions: _Client[SFNClient] = _Client("stepfunctions")

    # STS is called first: report soon that an endpoint cannot be reached.
    sts: _Client[STSClient] = _Client("sts", _attempts(3))

    # A call that replaces a whole configuration must not be repeated without reading it again.
    cloudtrail_without_retries: _Client[CloudTrailClient] = _Client("cloudtrail", _WITHOUT_RETRIES)
    s3_without_retries: _Client[S3Client] = _Client("s3", _WITHOUT_RETRIES)

    # A watch makes its own retries, which count for AWS's quotas like other calls.
    stepfunctions_without_retries: _Client[SFNClient] = _Client("stepfunctions", _WATCHING)
    logs_without_retries: _Client[CloudWatchLogsClient] = _Client("logs", _WATCHING)

    # For optional checks, which a command can do without.
    cloudwatch_short_timeout: _Client[CloudWatchClient] = _Client("cloudwatch", _SHORT_TIMEOUT)
    events_short_timeout: _Client[EventBridgeClient] = _Client("events", _SHORT_TIMEOUT)
    sns: _Client[Any] = _Client("sns", _SHORT_TIMEOUT)
    tagging_short_timeout: _Client[Any] = _Client("resourcegroupstaggingapi", _SHORT_TIMEOUT)
    stepfunctions_short_timeout: _Client[SFNClient] = _Client("stepfunctions", _SHORT_TIMEOUT)

    def __init__(
        self,
        session: boto3.Session,
        config: Config = _CONFIG,
        *,
        endpoint_url: str | None = None,
        clock: Clock | None = None,
        on_call: Callable[[ApiCall], None] | None = None,
        notify: Callable[[str], None] | None = None,
        is_hurried: bool = False,
    ) -> None:
        self.clock = clock or SystemClock()
        self.notify = notify or (lambda _: None)
        """Shows the user a message while a change is in progress."""
        self.calls = CallHooks(session, self.clock, lambda: vars(self).get("place"), on_call)
        session.events.register("before-call.s3-control", _drop_account_from_address)
        self.is_local = endpoint_url is not None
        self.rights_added: datetime | None = None
        """When this run last gave a role more rights, by `clock`."""
        self._session = session
        self._config = config
        self._limits = _SHORT_TIMEOUT if is_hurried else Config()
        self._endpoint_url = endpoint_url
        self._clients: dict[_Client[Any], Any] = {}
        self._creating = threading.Lock()

    def client(self, kind: _Client[Any]) -> Any:
        """The client of that kind: always the same one."""
        if kind not in self._clients:  # first without the lock: others may be creating clients
            with self._creating:
                if kind not in self._clients:
                    self._clients[kind] = self._session.client(  # type: ignore[call-overload]
                        kind.service,
                        config=self._config.merge(kind.config).merge(self._limits),
                        endpoint_url=self._endpoint_url,
                    )
        return self._clients[kind]

    def now(self) -> datetime:
        """The time by AWS's clock, from its last answer; the local clock may be wrong."""
        return self.clock.now() + (timedelta(0) if self.is_local else self.calls.lag)

    @property
    def region(self) -> str:
        """The region of every client; raises botocore's NoRegionError when none is set."""
        return str(self.stepfunctions.meta.region_name)

    @cached_property
    def place(self) -> Place:
        """Partition, account and region. Asks STS, and creates the other clients meanwhile.

        Raises botocore's NoRegionError when no region is set.
        """
        if not self._session.region_name:
            raise NoRegionError
        get_caller_identity = self.sts.get_caller_identity
        with open_pool(1, "place") as pool:
            identity = pool.submit(get_caller_identity)
            for service in SERVICES:
                if not identity.done():
                    getattr(self, service)
        partition, account = identity.result()["Arn"].split(":")[1:5:3]
        return Place(partition, account, self.region)

    def pause(self, seconds: float) -> None:
        """Sleeps that long, or until the command is interrupted."""
        while seconds > 0 and not self.calls.interrupted.is_set():
            self.clock.sleep(min(seconds, _LONGEST_SLEEP))
            seconds -= _LONGEST_SLEEP

    def close(self) -> None:
        """Closes the connections of all clients."""
        for client in self._clients.values():
            client.close()


def connect(
    *,
    profile: str | None = None,
    region: str | None = None,
    on_call: Callable[[ApiCall], None] | None = None,
    notify: Callable[[str], None] | None = None,
    is_hurried: bool = False,
) -> Aws:
    """Connects to AWS, with the configuration and credentials that every AWS tool uses.

    If it is hurried, each call is made only once, and with short timeouts.
    """
    region = region or os.environ.get("AWS_REGION")
    session = boto3.Session(profile_name=profile, region_name=region)
    return Aws(session, on_call=on_call, notify=notify, is_hurried=is_hurried)


def connect_locally(
    endpoint_url: str,
    *,
    region: str | None = None,
    account: str | None = None,
    on_call: Callable[[ApiCall], None] | None = None,
    notify: Callable[[str], None] | None = None,
) -> Aws:
    """Connects to the embedded cloud, without reading the user's AWS variables or files.

    The embedded cloud uses the access key as the account, so a pipeline is in the account that its
    config names.
    """
    session = _open_local_session(region, account)
    return Aws(session, _LOCAL_CONFIG, endpoint_url=endpoint_url, on_call=on_call, notify=notify)


def create_local_client(
    service: str, endpoint_url: str, *, region: str | None = None, account: str | None = None
) -> Any:
    """A client of any service of the embedded cloud, without the hooks of `Aws`."""
    session = _open_local_session(region, account)
    create: Any = session.client
    return create(service, config=_LOCAL_CONFIG.merge(_RETRIES), endpoint_url=endpoint_url)


def _open_local_session(region: str | None, account: str | None) -> boto3.Session:
    """A session that reads none of the user's AWS variables or files."""
    isolated = botocore.session.Session(
        session_vars={
            name: (None, None, default, convert)
            for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
        }
    )
    isolated.register_component("data_loader", _load_models_once())
    isolated.set_config_variable("config_file", os.devnull)
    isolated.set_config_variable("credentials_file", os.devnull)
    return boto3.Session(
        aws_access_key_id=account or environment.ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106  (the embedded cloud checks no secret)
        region_name=region or environment.REGION,
        botocore_session=isolated,
    )


@cache
def _load_models_once() -> Loader:
    """Loads AWS's models of its services: once for all sessions, which takes most of their time."""
    return create_loader()
