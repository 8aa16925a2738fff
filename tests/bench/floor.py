"""The floor: one pipeline with bare boto3, only the necessary calls, and these in parallel.

    python floor.py deploy|check|remove ENDPOINT WANTED

`check` is a deploy with nothing to do. WANTED is a JSON file with the values that such a script
would contain: the pipeline's resources by kind. The script creates the same as sfnctl, down to the
tags: run.py checks that with `sfnctl plan`.
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
    """Asks for the account first, since names contain it; creates the other clients meanwhile."""
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
