"""Converters: from the names that calls have for resources to the names that ARNs have.

In a template such as `sqs:@:{QueueUrl:queue}`, the converter `queue` turns the URL into a name. The
result of a converter may also be a whole ARN, or several names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

from sfn_s3_cli.asl.language.computed_text import ANY, WILD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_s3_cli.iam.arns import Place

Converter: TypeAlias = "Callable[[str, Place], list[str] | None]"
"""Returns an empty list for a text that cannot be such a name, and None for one that has its own
grant."""

# The ids of inference profiles are one of these and the id of a model:
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_GEOGRAPHIES = ("us-gov.", "us.", "eu.", "apac.", "au.", "ca.", "jp.", "global.")
GEOGRAPHIES = "|".join(map(re.escape, _GEOGRAPHIES))
_PROFILE = re.compile(rf"(?:{GEOGRAPHIES})(?P<model>[a-z0-9-]+\..+)")
_PARTIAL_FUNCTION_ARN = re.compile(
    r"(?:(?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?P<account>\d{12}):)?function:(?P<name>.+)"
)
_API_HOST = re.compile(
    r"(?:https?://)?(?P<id>[a-z0-9]+)(?:-vpce-[a-z0-9]+)?\.(?P<host>execute-api\.[^\x00]+)"
)
_SECRET_WITH_SUFFIX = re.compile(r".+-[A-Za-z0-9]{6}")
_QUEUE_URL = re.compile(
    r"https?://(?P<host>[^/\x00]+)/(?P<account>\d{12})/(?P<name>[\w.-][\w.\x00-]*)/?"
)
_S3_URL = re.compile(
    r"https://(?:(?P<bucket>[^/\x00]+)\.s3|s3)[^/\x00]*\.amazonaws\.com(?:\.cn)?/"
    r"(?(bucket)|(?P<first>[^/\x00]+)/)(?P<key>.+)",
    re.DOTALL,
)
_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr\.(?P<region>[a-z0-9-]+)\.[^/\x00]+/(?P<name>[^:@\x00]+)"
)
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_NOT_A_NAME = re.compile(r"[\s<>]|^\w+://")
_ALIAS = re.compile(r"(?P<place>arn:.*:|)(?P<name>alias/.*)", re.DOTALL)
_UNQUALIFIED_PARTS = 7  # parts of the ARN of a function or a state machine


def _check_name(name: str, _: Place) -> list[str]:
    return [] if _NOT_A_NAME.search(name) else [name]


def _keep(text: str, _: Place) -> list[str]:
    """The keys of a bucket, and the like, may have any characters."""
    return [text]


def _add_function_versions(name: str, place: Place) -> list[str]:
    """A function; without a version or an alias, any of them.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
    """
    if partial := _PARTIAL_FUNCTION_ARN.fullmatch(name):
        region, account = partial["region"] or place.region, partial["account"] or place.account
        name = f"arn:{place.partition}:lambda:{region}:{account}:function:{partial['name']}"
    qualified = name.count(":") >= _UNQUALIFIED_PARTS if name.startswith("arn:") else ":" in name
    return [name] if qualified else [name, f"{name}:{WILD}"]


def _read_queue_url(url: str, place: Place) -> list[str]:
    """A queue by its URL, `https://HOST/ACCOUNT/NAME`; the host depends on the partition."""
    queue = _QUEUE_URL.fullmatch(url)
    if not queue:
        return [] if "/" in url else [url]
    region = _find_region(queue["host"], place)
    return [f"arn:{place.partition}:sqs:{region}:{queue['account']}:{queue['name']}"]


def _find_region(host: str, place: Place) -> str:
    """The region in a host name; ours when it has none."""
    return next(filter(_REGION.fullmatch, host.split(".")), place.region)


def _add_revisions(name: str, _: Place) -> list[str]:
    """A task or job definition; without a revision, any of them."""
    return [name] if ":" in name.rpartition("/")[2] else [f"{name}:{WILD}"]


def _find_tasks(cluster: str, _: Place) -> list[str]:
    return [cluster.replace(":cluster/", ":task/")]


def _find_services(cluster: str, _: Place) -> list[str]:
    return [cluster.replace(":cluster/", ":service/")]


def _add_state_machine(arn: str, _: Place) -> list[str]:
    """A version or an alias of a state machine: IAM checks it, or the state machine itself.

    https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    """
    return list(dict.fromkeys([":".join(arn.split(":")[:_UNQUALIFIED_PARTS]), arn]))


def _find_executions(arn: str, place: Place) -> list[str]:
    return [_add_state_machine(arn, place)[0].replace(":stateMachine:", ":execution:")]


def _read_s3_uri(uri: str, place: Place) -> list[str]:
    name = uri.removeprefix("s3://")
    return [] if name == uri else [f"arn:{place.partition}:s3:::{name}"]


def _read_s3_url(url: str, place: Place) -> list[str]:
    """An object by its URL: `https://BUCKET.s3.REGION...` or `https://s3.REGION.../BUCKET`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    """
    if found := _S3_URL.fullmatch(url):
        name = f"{found['bucket'] or found['first']}/{unquote(found['key'])}"
        return [f"arn:{place.partition}:s3:::{name}"]
    return _read_s3_uri(url, place)


def _find_bucket_of_host(host: str, _: Place) -> list[str]:
    """A bucket by its host name, `BUCKET.s3.REGION...`."""
    return [re.sub(r"\.s3[.-][^\x00]*$", "", host)]


def _find_repository(image: str, place: Place) -> list[str]:
    """The repository of an image of ECR, `ACCOUNT.dkr.ecr.REGION.../NAME:TAG`."""
    found = _IMAGE.match(image)
    if not found:
        return []
    repository = f"repository/{found['name']}"
    return [f"arn:{place.partition}:ecr:{found['region']}:{found['account']}:{repository}"]


def _read_s3_folder(uri: str, place: Place) -> list[str]:
    """The beginning of the keys under a URI. After a bucket alone a slash ends its name."""
    return [each if "/" in each else f"{each}/" for each in _read_s3_uri(uri, place)]


def _begin_objects(bucket: str, _: Place) -> list[str]:
    """The beginning of the objects of a bucket, or of an access point."""
    return [f"{bucket}/object" if ":accesspoint/" in bucket else bucket]


def _read_copy_source(source: str, place: Place) -> list[str]:
    source = unquote(source.partition("?versionId=")[0]).removeprefix("/")
    return [source if source.startswith("arn:") else f"arn:{place.partition}:s3:::{source}"]


def _add_secret_suffix(name: str, _: Place) -> list[str]:
    """A secret: its ARN ends with a dash and six characters that its name does not have.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
    """
    whole = name.startswith("arn:") and _SECRET_WITH_SUFFIX.fullmatch(name)
    return [name if whole else f"{name}-{ANY * 6}"]


def _begin_rule(name: str, _: Place) -> list[str]:
    """The beginning of the rules of an event bus. Rules of the default bus do not name it."""
    prefix = name.replace(":event-bus/", ":rule/", 1)
    return [f"{prefix}/" if prefix.rpartition("/")[2] != "default" else prefix[: -len("default")]]


def _strip_parameter_version(name: str, _: Place) -> list[str]:
    """A parameter without `:VERSION` or `:LABEL`."""
    before, mark, resource = name.rpartition(":parameter/")
    return [before + mark + resource.partition(":")[0].removeprefix("/")]


def _strip_slash(name: str, _: Place) -> list[str]:
    return [name if name.startswith("arn:") else name.removeprefix("/")]


def _add_subtree(path: str, _: Place) -> list[str]:
    """A path of parameters, and everything below it."""
    name = path.strip("/")
    return [name, f"{name}/{WILD}"] if name else [WILD]


def _find_api(endpoint: str, place: Place) -> list[str]:
    """An API by its host name, `ID.execute-api.REGION...`."""
    api = _API_HOST.fullmatch(endpoint)
    if not api:
        return []
    place = place._replace(region=_find_region(api["host"], place))
    return [place.arn("execute-api", api["id"])]


def _close_folder(prefix: str, _: Place) -> list[str]:
    return [f"{prefix.rstrip('/')}/"]


def _find_project(build: str, _: Place) -> list[str]:
    """The project of a build of CodeBuild; the id of the build is `PROJECT:UUID`."""
    if not build.startswith("arn:"):
        return [build.partition(":")[0]]
    return [re.sub(r":build(?:-batch)?/([^:]*).*", r":project/\1", build)]


def _find_report_group(report: str, _: Place) -> list[str]:
    return [re.sub(r":report/([^:]*).*", r":report-group/\1", report)]


def _find_key(name: str, _: Place) -> list[str] | None:
    """A key of KMS; one under an alias has its own grant, because only KMS knows the key."""
    return None if _ALIAS.fullmatch(name) else [name]


def _find_aliased_key(name: str, _: Place) -> list[str] | None:
    """Any key in the place of an alias; its grant has a condition."""
    alias = _ALIAS.fullmatch(name)
    return [f"{alias['place']}key/{WILD}" if alias["place"] else WILD] if alias else None


def _find_alias(name: str, _: Place) -> list[str] | None:
    alias = _ALIAS.fullmatch(name)
    return [alias["name"]] if alias else None


def _find_models(name: str, place: Place) -> list[str]:
    """A model of Bedrock. An inference profile also needs its model, in any region.

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


def _add_lower_case(name: str, _: Place) -> list[str]:
    """A name in both cases: SageMaker turns some names into lower case, and IAM is case-sensitive.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
    """
    before, slash, last = name.rpartition("/")
    return list(dict.fromkeys([name, before + slash + last.lower()]))


CONVERTERS: Mapping[str, Converter] = {
    "alias": _find_alias,
    "aliased_key": _find_aliased_key,
    "api": _find_api,
    "bucket_host": _find_bucket_of_host,
    "bus": _begin_rule,
    "cased": _add_lower_case,
    "copy_source": _read_copy_source,
    "executions": _find_executions,
    "folder": _close_folder,
    "function": _add_function_versions,
    "image": _find_repository,
    "key": _find_key,
    "machine": _add_state_machine,
    "model": _find_models,
    "name": _check_name,
    "objects": _begin_objects,
    "parameter": _strip_parameter_version,
    "project": _find_project,
    "queue": _read_queue_url,
    "report_group": _find_report_group,
    "revisions": _add_revisions,
    "s3_folder": _read_s3_folder,
    "s3_uri": _read_s3_uri,
    "s3_url": _read_s3_url,
    "secret": _add_secret_suffix,
    "services": _find_services,
    "tasks": _find_tasks,
    "text": _keep,
    "tree": _add_subtree,
    "unslashed": _strip_slash,
}
