"""Backfills a deployed stack whose bucket has objects from before, from a recorded event, and from a later one; prints what the
table holds after each step, and what the bucket holds, as JSON."""
import json
import sys
import time

import boto3

cloudformation, s3, dynamodb = boto3.client("cloudformation"), boto3.client("s3"), boto3.client("dynamodb")
events, stepfunctions = boto3.client("events"), boto3.client("stepfunctions")
stack = cloudformation.describe_stacks(StackName=sys.argv[1])["Stacks"][0]
names = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
resources = cloudformation.describe_stack_resources(StackName=sys.argv[1])["StackResources"]
[rule] = [r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::Events::Rule"]
bucket, machine = names["BucketName"], names["BackfillStateMachineArn"]


def batches_of_one():
    """The mock hands each item on as it is, whatever ItemBatcher says. This selector, of which the definition for AWS knows
    nothing, makes a batch of it."""
    definition = json.loads(stepfunctions.describe_state_machine(stateMachineArn=machine)["definition"])
    state = definition["States"]["RecordObjects"]
    assert state["ItemBatcher"]["MaxItemsPerBatch"] > 0
    state["ItemSelector"] = {"Items.$": "States.Array($$.Map.Item.Value)"}
    stepfunctions.update_state_machine(stateMachineArn=machine, definition=json.dumps(definition))


def rows():
    found = dynamodb.scan(TableName=names["TableName"], ConsistentRead=True)["Items"]
    plain = [{name: next(iter(value.values())) for name, value in row.items()} for row in found]
    return sorted(plain, key=lambda row: (row["fileName"], row["lastModified"]))


def put(key, body, recorded):
    """Puts an object; if the rule is on, waits until the table has its event."""
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    for _ in range(100):
        if not recorded or any(r["fileName"] == key and r["size"] == str(len(body)) and "sequencer" in r for r in rows()):
            return
        time.sleep(0.1)
    sys.exit(f"no event about {key} was recorded")


def backfill(**given):
    arn = stepfunctions.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
    for _ in range(300):
        execution = stepfunctions.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            break
        time.sleep(0.1)
    if execution["status"] != "SUCCEEDED":
        sys.exit(json.dumps(execution, default=str))
    return {"output": execution["output"], "rows": rows()}


batches_of_one()
events.disable_rule(Name=rule)
for key, body in [
    ("photos/", b""),
    ("photos/cat.jpg", b"a cat"),
    ("a b+c/ü 日本.txt", b"1"),
    ("it's \"quoted\" \\ back", b"22"),
    ("{} ${TableName} States.UUID()", b"333"),
    ("$.detail.object.size", b"4444"),
]:
    put(key, body, recorded=False)
time.sleep(0.5)
answer = {"before": rows()}
events.enable_rule(Name=rule)
put("event.txt", b"told by an event", recorded=True)
answer["event"] = rows()
answer["part"] = backfill(prefix="photos/")
answer["first"] = backfill()
answer["second"] = backfill()
listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
answer["listing"] = [
    {"key": o["Key"], "size": str(o["Size"]), "etag": o["ETag"].strip('"'), "time": o["LastModified"].strftime("%Y-%m-%dT%H:%M:%SZ")}
    for o in listed
]
put("photos/cat.jpg", b"another cat", recorded=True)
answer["updated"] = rows()
answer["third"] = backfill()
print(json.dumps(answer))
