"""Starts many executions about one object at once, in no order, and prints which failed and what the table holds, as JSON."""
import concurrent.futures
import json
import random
import sys
import time

import boto3

outputs = boto3.client("cloudformation").describe_stacks(StackName=sys.argv[1])["Stacks"][0]["Outputs"]
names = {output["OutputKey"]: output["OutputValue"] for output in outputs}
states, dynamodb = boto3.client("stepfunctions"), boto3.client("dynamodb")
sequencers = [f"{number:016X}" for number in range(40)]
newest = sequencers[-1]
random.Random(7).shuffle(sequencers)


def event(sequencer):
    item = {"key": "cat.jpg", "size": 1, "etag": "e", "sequencer": sequencer}
    return json.dumps({"time": "2024-05-01T10:00:00Z", "detail": {"object": item}})


def start(sequencer):
    return states.start_execution(stateMachineArn=names["StateMachineArn"], input=event(sequencer))["executionArn"]


with concurrent.futures.ThreadPoolExecutor(16) as pool:
    executions = list(pool.map(start, sequencers + sequencers[:10]))
failed = []
for execution in executions:
    status = "RUNNING"
    for _ in range(300):
        status = states.describe_execution(executionArn=execution)["status"]
        if status != "RUNNING":
            break
        time.sleep(0.1)
    if status != "SUCCEEDED":
        failed.append(status)
rows = dynamodb.scan(TableName=names["TableName"], ConsistentRead=True)["Items"]
plain = [{name: next(iter(value.values())) for name, value in row.items()} for row in rows]
print(json.dumps({"failed": failed, "newest": newest, "rows": plain}))
