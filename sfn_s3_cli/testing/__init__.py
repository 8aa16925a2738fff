"""`sfnctl test`: cases for a workflow, and the fixtures for pytest.

Importing it loads neither boto3 nor the embedded cloud.
"""

from sfn_s3_cli.local.testing.task_failed import TaskFailed
from sfn_s3_cli.testing.cloud import LocalAccount, LocalCloud
from sfn_s3_cli.testing.pipeline import Execution, Pipeline, Upload

__all__ = ["Execution", "LocalAccount", "LocalCloud", "Pipeline", "TaskFailed", "Upload"]
