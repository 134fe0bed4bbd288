"""Starts an execution that cannot succeed, and prints how it ended and what the dead-letter queue holds, as JSON."""
import json
import sys
import time

import boto3

outputs = boto3.client("cloudformation").describe_stacks(StackName=sys.argv[1])["Stacks"][0]["Outputs"]
names = {output["OutputKey"]: output["OutputValue"] for output in outputs}
states, sqs = boto3.client("stepfunctions"), boto3.client("sqs")
item = {"key": "cat.jpg", "size": "no number", "etag": "e", "sequencer": "A0"}
event = {"time": "2024-05-01T10:00:00Z", "detail": {"object": item}}
execution = states.start_execution(stateMachineArn=names["StateMachineArn"], input=json.dumps(event))["executionArn"]
for _ in range(600):
    ended = states.describe_execution(executionArn=execution)
    if ended["status"] != "RUNNING":
        break
    time.sleep(0.2)
received = sqs.receive_message(QueueUrl=names["DeadLetterQueueUrl"], WaitTimeSeconds=5).get("Messages", [])
bodies = [json.loads(message["Body"]) for message in received]
print(json.dumps({"status": ended["status"], "error": ended.get("error"), "event": event, "execution": execution, "bodies": bodies}))
