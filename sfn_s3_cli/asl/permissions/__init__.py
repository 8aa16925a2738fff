"""From a definition to the IAM statements that its role needs."""
