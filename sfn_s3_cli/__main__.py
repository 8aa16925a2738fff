"""`python -m sfn_s3_cli` is `sfnctl`."""

from sfn_s3_cli.entry import main

main()
