"""Records uploads through a deployed stack's state machine, asks the stack's API, and prints the answers as JSON.

The questions are in a file: {"objects": [parameters of PutObject], "events": [event], "get": [URL], "walk": [URL]}. A walk follows a
listing to its last page."""
import json
import sys
import time
import urllib.parse

import boto3

from function import Function
from gateway import Gateway

stack, template, questions = sys.argv[1:]
with open(questions, encoding="utf-8") as file:
    questions = json.load(file)
outputs = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
names = {output["OutputKey"]: output["OutputValue"] for output in outputs}
states = boto3.client("stepfunctions")
with open(template, encoding="utf-8") as file:
    kind = Function if "FilesFunction:" in file.read() else Gateway
api = kind(template, names["TableName"])


def record(event):
    execution = states.start_execution(stateMachineArn=names["StateMachineArn"], input=json.dumps(event))["executionArn"]
    status = "RUNNING"
    while status == "RUNNING":
        time.sleep(0.05)
        status = states.describe_execution(executionArn=execution)["status"]
    return status


def walk(url):
    pages, more = [], ""
    while len(pages) < 50:
        status, page = api.get(url + more)
        pages.append(page["files"] if status == 200 else status)
        if "next" not in page:
            break
        more = "&next=" + page["next"]
        assert urllib.parse.quote(page["next"]) == page["next"], "the token needs no escapes"
    return pages


def upload(parameters):
    """Puts an object, and waits until the event that S3 sends about it is recorded."""
    boto3.client("s3").put_object(Bucket=names["BucketName"], **parameters)
    for _ in range(100):
        if api.get("/files/" + urllib.parse.quote(parameters["Key"], safe=""))[0] == 200:
            return
        time.sleep(0.1)
    sys.exit(f"no event about {parameters['Key']} was recorded")


for parameters in questions.get("objects", []):
    upload(parameters)
statuses = [record(event) for event in questions["events"]]
answers = {"get": [api.get(url) for url in questions["get"]], "walk": [walk(url) for url in questions["walk"]]}
print(json.dumps({"statuses": statuses, **answers}))
