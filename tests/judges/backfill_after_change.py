"""Backfills a deployed stack whose bucket has an object of which only a change was recorded; prints the rows before and after,
and once more after a second run, as JSON."""
import json
import sys
import time

import boto3

cloudformation, s3, dynamodb = boto3.client("cloudformation"), boto3.client("s3"), boto3.client("dynamodb")
events, stepfunctions = boto3.client("events"), boto3.client("stepfunctions")
stack = cloudformation.describe_stacks(StackName=sys.argv[1])["Stacks"][0]
names = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
resources = cloudformation.describe_stack_resources(StackName=sys.argv[1])["StackResources"]
by_id = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}


def run(machine, given):
    arn = stepfunctions.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
    for _ in range(300):
        execution = stepfunctions.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            break
        time.sleep(0.1)
    if execution["status"] != "SUCCEEDED":
        sys.exit(json.dumps(execution, default=str))
    found = dynamodb.scan(TableName=names["TableName"], ConsistentRead=True)["Items"]
    plain = [{name: next(iter(value.values())) for name, value in row.items()} for row in found]
    return sorted(plain, key=lambda row: row.get("lastModified", ""))


# The mock hands each item on as it is, whatever ItemBatcher says; this makes a batch of it.
backfill = names["BackfillStateMachineArn"]
definition = json.loads(stepfunctions.describe_state_machine(stateMachineArn=backfill)["definition"])
definition["States"]["RecordObjects"]["ItemSelector"] = {"Items.$": "States.Array($$.Map.Item.Value)"}
stepfunctions.update_state_machine(stateMachineArn=backfill, definition=json.dumps(definition))

for rule in [r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::Events::Rule"]:
    events.disable_rule(Name=rule)
s3.put_object(Bucket=names["BucketName"], Key="old.txt", Body=b"from before")
tagged = {
    "source": "aws.s3", "detail-type": "Object Tags Added", "time": "2024-05-01T10:00:00Z",
    "detail": {"bucket": {"name": names["BucketName"]}, "object": {"key": "old.txt", "etag": "e"}, "requester": "1"},
}
before = run(by_id["ObjectChangedStateMachine"], tagged)
print(json.dumps({"before": before, "first": run(backfill, {}), "second": run(backfill, {})}))
