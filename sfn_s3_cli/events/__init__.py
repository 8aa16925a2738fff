"""What an upload looks like on its way from S3 to a workflow."""
