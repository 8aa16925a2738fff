"""How services name their resources in a call: each kind of name, made fit for an ARN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

from sfn_s3_cli.asl.language.computed_text import ANY, WILD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_s3_cli.iam.arns import Place

Kind: TypeAlias = "Callable[[str, Place], list[str]]"
"""From what is written to what stands in an ARN, or to ARNs; nothing when it cannot be a name."""

# What the ids of inference profiles begin with, before the id of their model:
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_GEOGRAPHIES = ("us-gov.", "us.", "eu.", "apac.", "au.", "ca.", "jp.", "global.")
GEOGRAPHIES = "|".join(map(re.escape, _GEOGRAPHIES))
_PROFILE = re.compile(rf"(?:{GEOGRAPHIES})(?P<model>[a-z0-9-]+\..+)")
_PARTIAL = re.compile(
    r"(?:(?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?P<account>\d{12}):)?function:(?P<name>.+)"
)
_API = re.compile(
    r"(?:https?://)?(?P<id>[a-z0-9]+)(?:-vpce-[a-z0-9]+)?\.(?P<host>execute-api\.[^\x00]+)"
)
_TAIL = re.compile(r".+-[A-Za-z0-9]{6}")
_QUEUE = re.compile(
    r"https?://(?P<host>[^/\x00]+)/(?P<account>\d{12})/(?P<name>[\w.-][\w.\x00-]*)/?"
)
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_NO_NAME = re.compile(r"[\s<>]|^\w+://")
_UNQUALIFIED = 7  # parts of the ARN of a function or a state machine


def _name(name: str, _: Place) -> list[str]:
    return [] if _NO_NAME.search(name) else [name]


def _text(text: str, _: Place) -> list[str]:
    """What may have any characters, as the keys of a bucket have."""
    return [text]


def _function(name: str, place: Place) -> list[str]:
    """Without a version or an alias it may mean any of them.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
    """
    if partial := _PARTIAL.fullmatch(name):
        region, account = partial["region"] or place.region, partial["account"] or place.account
        name = f"arn:{place.partition}:lambda:{region}:{account}:function:{partial['name']}"
    qualified = name.count(":") >= _UNQUALIFIED if name.startswith("arn:") else ":" in name
    return [name] if qualified else [name, f"{name}:{WILD}"]


def _queue(url: str, place: Place) -> list[str]:
    """From `https://HOST/ACCOUNT/NAME`, whose host is another for each partition and emulator."""
    queue = _QUEUE.fullmatch(url)
    if not queue:
        return [] if "/" in url else [url]
    region = _region(queue["host"], place)
    return [f"arn:{place.partition}:sqs:{region}:{queue['account']}:{queue['name']}"]


def _region(host: str, place: Place) -> str:
    """The region that a host name tells by one of its labels."""
    return next(filter(_REGION.fullmatch, host.split(".")), place.region)


def _revisions(name: str, _: Place) -> list[str]:
    """A task or job definition; without a revision, any of them."""
    return [name] if ":" in name.rpartition("/")[2] else [f"{name}:{WILD}"]


def _tasks(cluster: str, _: Place) -> list[str]:
    return [cluster.replace(":cluster/", ":task/")]


def _services(cluster: str, _: Place) -> list[str]:
    return [cluster.replace(":cluster/", ":service/")]


def _machine(arn: str, _: Place) -> list[str]:
    """A version or an alias is judged by the state machine, or by itself.

    https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    """
    return list(dict.fromkeys([":".join(arn.split(":")[:_UNQUALIFIED]), arn]))


def _executions(arn: str, place: Place) -> list[str]:
    return [_machine(arn, place)[0].replace(":stateMachine:", ":execution:")]


def _s3_uri(uri: str, place: Place) -> list[str]:
    name = uri.removeprefix("s3://")
    return [] if name == uri else [f"arn:{place.partition}:s3:::{name}"]


def _s3_folder(uri: str, place: Place) -> list[str]:
    """What the keys under a URI follow after; a bucket alone is no beginning of another."""
    return [each if "/" in each else f"{each}/" for each in _s3_uri(uri, place)]


def _objects(bucket: str, _: Place) -> list[str]:
    """What the keys of a bucket, or of an access point, follow after."""
    return [f"{bucket}/object" if ":accesspoint/" in bucket else bucket]


def _copy_source(source: str, place: Place) -> list[str]:
    source = unquote(source.partition("?versionId=")[0]).removeprefix("/")
    return [source if source.startswith("arn:") else f"arn:{place.partition}:s3:::{source}"]


def _secret(name: str, _: Place) -> list[str]:
    """A secret's ARN ends in a dash and six characters that its name does not have.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
    """
    whole = name.startswith("arn:") and _TAIL.fullmatch(name)
    return [name if whole else f"{name}-{ANY * 6}"]


def _bus(name: str, _: Place) -> list[str]:
    """What the name of a rule follows after; rules of the default bus do not name it."""
    prefix = name.replace(":event-bus/", ":rule/", 1)
    return [f"{prefix}/" if prefix.rpartition("/")[2] != "default" else prefix[: -len("default")]]


def _parameter(name: str, _: Place) -> list[str]:
    """Without a version or a label, which `:` begins."""
    before, mark, resource = name.rpartition(":parameter/")
    return [before + mark + resource.partition(":")[0].removeprefix("/")]


def _unslashed(name: str, _: Place) -> list[str]:
    return [name if name.startswith("arn:") else name.removeprefix("/")]


def _tree(path: str, _: Place) -> list[str]:
    """A path of parameters, and all below it."""
    name = path.strip("/")
    return [name, f"{name}/{WILD}"] if name else [WILD]


def _api(endpoint: str, place: Place) -> list[str]:
    """An API by its host name, `ID.execute-api.REGION...`."""
    api = _API.fullmatch(endpoint)
    if not api:
        return []
    place = place._replace(region=_region(api["host"], place))
    return [place.arn("execute-api", api["id"])]


def _folder(prefix: str, _: Place) -> list[str]:
    return [f"{prefix.rstrip('/')}/"]


def _project(build: str, _: Place) -> list[str]:
    """The project of a build of CodeBuild, whose id is `PROJECT:UUID`."""
    if not build.startswith("arn:"):
        return [build.partition(":")[0]]
    return [re.sub(r":build(?:-batch)?/([^:]*).*", r":project/\1", build)]


def _report_group(report: str, _: Place) -> list[str]:
    return [re.sub(r":report/([^:]*).*", r":report-group/\1", report)]


def _key(name: str, _: Place) -> list[str]:
    """A key of KMS; which one an alias means is known to KMS alone."""
    return [WILD if name.startswith("alias/") else re.sub(r":alias/.*", f":key/{WILD}", name)]


def _model(name: str, place: Place) -> list[str]:
    """A model of Bedrock. A profile needs its model too, in whatever region it runs.

    https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    """
    models = f"arn:{place.partition}:bedrock:{WILD}::foundation-model/"
    if profile := _PROFILE.fullmatch(name.rpartition("/")[2]):
        arn = name if name.startswith("arn:") else place.arn("bedrock", f"inference-profile/{name}")
        return [arn, f"{models}{profile['model']}"]
    if ":application-inference-profile/" in name:
        return [name, f"{models}{WILD}"]
    start, gap, _ = name.partition(WILD)
    if gap and any(each.startswith(start) or start.startswith(each) for each in _GEOGRAPHIES):
        return []
    any_model = [f"{models}{WILD}", place.arn("bedrock", f"inference-profile/{WILD}")]
    if "prompt-router/" in name:
        return [name, *any_model]
    return any_model if ":prompt/" in name else [name]


def _cased(name: str, _: Place) -> list[str]:
    """SageMaker writes some of its names in lower case and IAM asks for the case, so both.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
    """
    before, slash, last = name.rpartition("/")
    return list(dict.fromkeys([name, before + slash + last.lower()]))


KINDS: Mapping[str, Kind] = {
    "api": _api,
    "bus": _bus,
    "cased": _cased,
    "copy_source": _copy_source,
    "executions": _executions,
    "folder": _folder,
    "function": _function,
    "key": _key,
    "machine": _machine,
    "model": _model,
    "name": _name,
    "objects": _objects,
    "parameter": _parameter,
    "project": _project,
    "queue": _queue,
    "report_group": _report_group,
    "revisions": _revisions,
    "s3_folder": _s3_folder,
    "s3_uri": _s3_uri,
    "secret": _secret,
    "services": _services,
    "tasks": _tasks,
    "text": _text,
    "tree": _tree,
    "unslashed": _unslashed,
}
