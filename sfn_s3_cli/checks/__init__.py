"""What `sfnctl validate` checks, offline and with AWS, and its report."""
