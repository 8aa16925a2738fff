"""Counts the lines of an object. Replace `work` by your own."""

import json


class NotText(Exception):
    """Step Functions knows an exception by the name of its class."""


def handle(event, context):
    """Called by Lambda with the Payload of the state."""
    import boto3  # Lambda has it

    bucket, key = event["bucket"], event["key"]
    body = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    result = {"key": key, **work(body)}
    target = key.replace("incoming/", "processed/", 1)
    boto3.client("s3").put_object(Bucket=bucket, Key=target, Body=json.dumps(result))
    return result


def work(body):
    """The part that needs no AWS, so that a test can call it."""
    try:
        return {"lines": len(body.decode().splitlines())}
    except UnicodeDecodeError as error:
        raise NotText(f"not UTF-8 at byte {error.start}") from None
