"""The floor: one pipeline in bare boto3, by the necessary calls alone, as many at once as can be.

    python floor.py deploy|check|remove ENDPOINT WANTED

`check` is the deploy that finds nothing to do. WANTED is a JSON file with the literals that such a
script would contain: the resources by kind, as the wiring of the pipeline has them. What the
script makes is what sfnctl makes, tag for tag: run.py lets `sfnctl plan` look at it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bare import SERVICES, Aws, start
from floor_check import check
from floor_deploy import deploy
from floor_remove import remove

VERBS = {"deploy": deploy, "check": check, "remove": remove}


def main() -> None:
    """The account comes first: names need it. Other clients are made while it is asked."""
    verb, endpoint_url, wanted = sys.argv[1:]
    aws, want = Aws(endpoint_url), json.loads(Path(wanted).read_text())
    identity = start(aws.sts.get_caller_identity)
    for service in SERVICES:
        if not identity.done():
            getattr(aws, service)
    if identity.result()["Account"] != want["account"]:
        sys.exit("another account")
    VERBS[verb](aws, want)


if __name__ == "__main__":
    main()
