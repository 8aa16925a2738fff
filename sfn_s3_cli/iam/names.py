"""The names of a pipeline's resources on AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_s3_cli.iam import arns, bucket_names

if TYPE_CHECKING:
    from sfn_s3_cli.iam.arns import Place

OWN_TRAIL = "sfnctl"
"""The trail that the pipelines of a region share."""
NO_TRAIL = "none"
"""What the config names as its trail if a trail of others logs the events already."""
ALIAS = "live"
"""The alias that the rule's target starts."""
SELECTOR_PREFIX = "sfnctl:"


@dataclass(frozen=True)
class Names:
    """Every AWS name of a pipeline; all follow from its own name, the account and the region."""

    pipeline: str
    place: Place

    def rule(self, via: str) -> str:
        """A rule for each via, so that two can exist side by side while the via changes."""
        return f"sfnctl-{self.pipeline}-{via}"

    @property
    def queue(self) -> str:
        return f"sfnctl-{self.pipeline}-dlq"

    def alarm(self, watched: str) -> str:
        """The slash lets a prefix name the alarms of this pipeline and of no other."""
        return f"sfnctl-{self.pipeline}/{watched}"

    @property
    def events_role(self) -> str:
        return self._role("events")

    @property
    def states_role(self) -> str:
        return self._role("states")

    @property
    def log_group(self) -> str:
        # One entry of the region's log resource policy covers all groups with this prefix, see
        # https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
        return f"/aws/vendedlogs/states/{self.pipeline}"

    @property
    def state_machine(self) -> str:
        return self.pipeline

    @property
    def state_machine_arn(self) -> str:
        return arns.state_machine(self.place, self.state_machine)

    @property
    def alias_arn(self) -> str:
        return arns.state_machine_alias(self.place, self.state_machine, ALIAS)

    def rule_arn(self, via: str) -> str:
        return arns.rule(self.place, self.rule(via))

    @property
    def log_bucket(self) -> str:
        return bucket_names.make_name("sfnctl-trail", self.place)

    @property
    def selector(self) -> str:
        return f"{SELECTOR_PREFIX}{self.pipeline}"

    def _role(self, job: str) -> str:
        name = f"sfnctl-{self.pipeline}-{self.place.region}-{job}"
        return arns.shorten(name, arns.ROLE_NAME_LIMIT)
