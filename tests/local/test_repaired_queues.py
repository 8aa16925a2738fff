from __future__ import annotations

from local.local_account import Account


def test_a_queue_shows_all_messages_without_hiding_any(account: Account) -> None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    for number in range(25):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    seen = set()
    for _ in range(3):
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        seen |= {message["Body"] for message in answer["Messages"]}
    assert len(seen) == 25


def test_a_fifo_queue_keeps_its_order(account: Account) -> None:
    sqs = account.client("sqs")
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="queue.fifo", Attributes=attributes)["QueueUrl"]
    for number in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=str(number), MessageGroupId="a")
    for _ in range(2):
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=0)
        assert [message["Body"] for message in answer["Messages"]] == ["0"]
