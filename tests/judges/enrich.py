"""Puts objects into a deployed stack's bucket, with and without what S3 can tell of them, and sends events about an object that is
gone and about one that was overwritten; prints what the table holds, and how the executions ended, as JSON."""
import json
import sys
import time

import boto3

cloudformation, s3, dynamodb = boto3.client("cloudformation"), boto3.client("s3"), boto3.client("dynamodb")
events, stepfunctions = boto3.client("events"), boto3.client("stepfunctions")
stack = cloudformation.describe_stacks(StackName=sys.argv[1])["Stacks"][0]
names = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
resources = cloudformation.describe_stack_resources(StackName=sys.argv[1])["StackResources"]
rules = [r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::Events::Rule"]
bucket, machine = names["BucketName"], names["StateMachineArn"]


def rows():
    found = dynamodb.scan(TableName=names["TableName"], ConsistentRead=True)["Items"]
    return {f"{row['fileName']['S']} {row['sequencer']['S']}": row for row in found}


def record(key, sequencer, etag, version=None):
    """Runs the workflow about an upload, as its event would."""
    place = {"key": key, "size": 3, "etag": etag, "sequencer": sequencer}
    place.update({"version-id": version} if version else {})
    event = {"time": "2024-05-01T10:00:00Z", "region": "us-east-1", "account": "123456789012", "detail-type": "Object Created",
             "detail": {"bucket": {"name": bucket}, "object": place, "requester": "123456789012", "reason": "PutObject"}}
    arn = stepfunctions.start_execution(stateMachineArn=machine, input=json.dumps(event))["executionArn"]
    for _ in range(300):
        execution = stepfunctions.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            return execution["status"]
        time.sleep(0.1)
    return "RUNNING"


def upload(key, **options):
    answer = s3.put_object(Bucket=bucket, Key=key, Body=b"cat", **options)
    return answer["ETag"].strip('"'), answer.get("VersionId")


for rule in rules:
    events.disable_rule(Name=rule)
time.sleep(0.3)
statuses = {}
rich = {"ContentType": "image/jpeg", "Metadata": {"camera": "it's \"new\"", "lens": "50mm"}, "Tagging": "team=files&cost%20centre=42"}
etag, version = upload("rich/photo.jpg", **rich)
statuses["rich"] = record("rich/photo.jpg", "A0", etag, version)
etag, version = upload("plain", ContentType="text/plain")
statuses["plain"] = record("plain", "A0", etag, version)
etag, version = upload("changed.jpg", **rich)
statuses["changed"] = record("changed.jpg", "A0", etag, version)
answer = {"before": rows()}
s3.delete_object_tagging(Bucket=bucket, Key="changed.jpg")  # on AWS, the upload does that
etag, version = upload("changed.jpg", ContentType="text/plain")
statuses["changed again"] = record("changed.jpg", "A1", etag, version)
statuses["late"] = record("changed.jpg", "A0", etag, version)
etag, version = upload("gone.jpg", **rich)
s3.delete_object(Bucket=bucket, Key="gone.jpg", **({"VersionId": version} if version else {}))
statuses["gone"] = record("gone.jpg", "A0", etag, version)
etag, version = upload("overwritten.jpg", **rich)
s3.put_object(Bucket=bucket, Key="overwritten.jpg", Body=b"another cat", ContentType="text/plain")
statuses["overwritten"] = record("overwritten.jpg", "A0", etag, version)
print(json.dumps({**answer, "statuses": statuses, "rows": rows()}))
