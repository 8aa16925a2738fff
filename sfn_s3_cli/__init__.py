"""sfnctl runs a Step Functions workflow for each object that lands in an S3 bucket.

The program is one sentence: config becomes *desired*, AWS is read as *observed*, their difference
is the *plan*, and the plan is *applied*. `docs/architecture.md` follows a deploy and an upload
through the modules.
"""

__version__ = "0.1.0"
