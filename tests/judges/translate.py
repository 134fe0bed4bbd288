"""Prints what the SAM translator makes of a template, as JSON; fails where it refuses."""
import json
import os
import pathlib
import sys

from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    def load(self):
        return {}


os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
template = yaml_parse(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
for resource in template["Resources"].values():
    # What `sam deploy` does before it translates: the definition, or the code, goes to a bucket.
    if resource["Type"] == "AWS::Serverless::StateMachine":
        resource["Properties"]["DefinitionUri"] = {"Bucket": "artifacts", "Key": "definition"}
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = {"Bucket": "artifacts", "Key": "code"}
try:
    print(json.dumps(transform(template, {}, NoManagedPolicies())))
except InvalidDocumentException as error:
    sys.exit("\n".join(cause.message for cause in error.causes))
