"""The one door to AWS: a session, its clients, and where they point."""

from __future__ import annotations

import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.exceptions import NoRegionError

from sfn_s3_cli import __version__
from sfn_s3_cli.aws.calls import Calls
from sfn_s3_cli.aws.reads import threads
from sfn_s3_cli.clock import Clock, SystemClock
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.local import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_iam import IAMClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient
    from types_boto3_sts import STSClient

    from sfn_s3_cli.aws.calls import Call


# In the order in which they are wanted: reads of the first depend on each other.
SERVICES = ("stepfunctions", "sqs", "s3", "iam", "cloudtrail", "logs", "events")

# botocore's default mode and number of attempts differ between its releases: both are always set.
_ATTEMPTS = 8
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=32,
    user_agent_extra=f"sfnctl/{__version__}",
)

# The embedded cloud has no names below its address, and no proxy may stand before it.
_LOCAL_CONFIG = _CONFIG.merge(
    Config(
        inject_host_prefix=False,
        proxies={},
        s3={"addressing_style": "path"},
    )
)


_BRIEF = Config(connect_timeout=2, read_timeout=5)
"""For what can be done without: nobody waits for it."""

_SLICE = 0.5  # seconds after which whoever pauses looks whether to go on


class Aws:
    """One region of one account, on AWS or on the embedded cloud.

    Clients are made when they are first asked for. The class is safe to use from many threads.
    """

    def __init__(
        self,
        session: boto3.Session,
        config: Config = _CONFIG,
        *,
        endpoint_url: str | None = None,
        clock: Clock | None = None,
        on_call: Callable[[Call], None] | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.tell = tell or (lambda _: None)
        """Tells the user something while a change is under way."""
        self.calls = Calls(session, self.clock, lambda: vars(self).get("place"), on_call)
        self.is_local = endpoint_url is not None
        self._session = session
        self._config = config
        self._endpoint_url = endpoint_url
        self._clients: dict[tuple[str, int, bool], Any] = {}
        self._making = threading.Lock()

    @property
    def region(self) -> str:
        """The region of every client; botocore's NoRegionError when none is set."""
        return str(self.stepfunctions.meta.region_name)

    @cached_property
    def place(self) -> Place:
        """Partition, account and region. Asks STS once, and makes other clients meanwhile.

        botocore's NoRegionError when no region is set anywhere.
        """
        if not self._session.region_name:
            raise NoRegionError
        ask = self.sts.get_caller_identity
        with threads(1, "place") as pool:
            identity = pool.submit(ask)
            for service in SERVICES:
                if not identity.done():
                    self._client(service)
        partition, account = identity.result()["Arn"].split(":")[1:5:3]
        return Place(partition, account, self.region)

    @property
    def cloudtrail(self) -> CloudTrailClient:
        client: CloudTrailClient = self._client("cloudtrail")
        return client

    @property
    def cloudtrail_once(self) -> CloudTrailClient:
        """Never repeats a call: one that replaces everything must not be sent twice unread."""
        client: CloudTrailClient = self._client("cloudtrail", attempts=1)
        return client

    @property
    def events(self) -> EventBridgeClient:
        client: EventBridgeClient = self._client("events")
        return client

    @property
    def events_briefly(self) -> EventBridgeClient:
        """Makes one attempt, and does not wait long for it."""
        client: EventBridgeClient = self._client("events", attempts=1, brief=True)
        return client

    @property
    def iam(self) -> IAMClient:
        client: IAMClient = self._client("iam")
        return client

    @property
    def logs(self) -> CloudWatchLogsClient:
        client: CloudWatchLogsClient = self._client("logs")
        return client

    @property
    def s3(self) -> S3Client:
        client: S3Client = self._client("s3")
        return client

    @property
    def s3_once(self) -> S3Client:
        """The same of S3, for the settings of a bucket."""
        client: S3Client = self._client("s3", attempts=1)
        return client

    @property
    def sqs(self) -> SQSClient:
        client: SQSClient = self._client("sqs")
        return client

    @property
    def stepfunctions(self) -> SFNClient:
        client: SFNClient = self._client("stepfunctions")
        return client

    @property
    def stepfunctions_briefly(self) -> SFNClient:
        """The same of Step Functions."""
        client: SFNClient = self._client("stepfunctions", attempts=1, brief=True)
        return client

    @property
    def sts(self) -> STSClient:
        """Is asked first of all, so an endpoint that cannot be reached is told soon."""
        client: STSClient = self._client("sts", attempts=3)
        return client

    def pause(self, seconds: float) -> None:
        """Lets that much time pass, or less when the command is interrupted."""
        while seconds > 0 and not self.calls.interrupted.is_set():
            self.clock.sleep(min(seconds, _SLICE))
            seconds -= _SLICE

    def _client(self, service: str, *, attempts: int = _ATTEMPTS, brief: bool = False) -> Any:
        name = (service, attempts, brief)
        if name not in self._clients:  # one that is made need not wait for one in the making
            retries: Any = {"mode": "standard", "total_max_attempts": attempts}
            config = self._config.merge(Config(retries=retries)).merge(
                _BRIEF if brief else Config()
            )
            with self._making:
                if name not in self._clients:
                    self._clients[name] = self._session.client(  # type: ignore[call-overload]
                        service, config=config, endpoint_url=self._endpoint_url
                    )
        return self._clients[name]


def connect(
    *,
    profile: str | None = None,
    region: str | None = None,
    on_call: Callable[[Call], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Aws:
    """AWS itself, found and authorised as every AWS tool does it."""
    region = region or os.environ.get("AWS_REGION")
    session = boto3.Session(profile_name=profile, region_name=region)
    return Aws(session, on_call=on_call, tell=tell)


def connect_locally(
    endpoint_url: str,
    *,
    region: str | None = None,
    account: str | None = None,
    on_call: Callable[[Call], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Aws:
    """The embedded cloud. Nothing of the user's AWS environment or files is read.

    It takes the access key for the account, so a pipeline is in the account that it asks for.
    """
    deaf = botocore.session.Session(
        session_vars={
            name: (None, None, default, convert)
            for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
        }
    )
    deaf.set_config_variable("config_file", os.devnull)
    deaf.set_config_variable("credentials_file", os.devnull)
    session = boto3.Session(
        aws_access_key_id=account or environment.ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106  (nobody asks for it)
        region_name=region or environment.REGION,
        botocore_session=deaf,
    )
    return Aws(session, _LOCAL_CONFIG, endpoint_url=endpoint_url, on_call=on_call, tell=tell)
