"""sfnctl: from objects in S3 to executions in Step Functions, out of one YAML file.

The program is one sentence: config becomes *desired*, AWS is read as *observed*, their difference
is the *plan*, and the plan is *applied*. Deploying, removing and looking are that sentence with
other ends. `docs/architecture.md` follows one deploy and one watch through the modules.
"""

__version__ = "0.1.0"
