#!/usr/bin/env python3
"""Reduces the published resource schemas to src/aws/resource_schema/schemas.bin.

    python3 -m venv venv && venv/bin/pip install -r scripts/requirements.txt
    venv/bin/python scripts/resource_schemas.py

The build does not run this and needs no network: the file is committed. Two sources:

- CloudFormation's registry schemas (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html) of
  us-east-1, as the package cfn-lint carries them, with its corrections.
- SAM's own resource types: the properties and their types as the translator (aws-sam-translator) declares and checks them. What
  SAM hands on to CloudFormation unchanged (PASSED) is checked by CloudFormation's schema.

The format, read by src/aws/resource_schema/archive.rs: comment lines with the source and the date, a line `TYPE OFFSET COMPRESSED` a
resource type, an empty line, then the blocks. The block `attributes` maps every resource type of the Region to what `Fn::GetAtt` takes of it (the first name of each path).
Any other block is a JSON Schema, compressed on its own (zlib), of these words: `type`,
`properties`, `closed` (no other properties), `each` (the schema of every value of a map), `required`, `enum`, `pattern`, `minLength`,
`maxLength`, `minimum`, `maximum`, `minItems`, `maxItems`, `items`, `strict` (values are not converted: "5" is no number), `plain`
(functions are refused) and `byType` (the schemas of `Properties`, by the value of `Type`).
"""

import importlib.metadata
import inspect
import json
import pathlib
import zlib

import cfnlint
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
import samtranslator.model.eventsources.cloudwatchlogs
import samtranslator.model.eventsources.pull
import samtranslator.model.eventsources.push
import samtranslator.model.eventsources.scheduler
import samtranslator.model.sam_resources as sam
import samtranslator.model.stepfunctions.events

VERSIONS = {"cfn-lint": "1.58.0", "aws-sam-translator": "1.115.0"}
REGION = "us-east-1"

TYPES = [
    "AWS::CloudWatch::Alarm", "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::Events::Archive", "AWS::Events::EventBus",
    "AWS::Events::EventBusPolicy", "AWS::Events::Rule", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::Role",
    "AWS::KMS::Alias", "AWS::KMS::Key", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function", "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup", "AWS::Pipes::Pipe", "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SNS::Subscription", "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::Scheduler::Schedule", "AWS::StepFunctions::Activity",
    "AWS::StepFunctions::StateMachine", "AWS::StepFunctions::StateMachineAlias", "AWS::StepFunctions::StateMachineVersion",
]

# Lists of values that AWS lengthens several times a year: one that is not listed is probably new.
GROWING = {("AWS::Lambda::Function", "Runtime"), ("AWS::KMS::Key", "KeySpec"), ("AWS::Lambda::EventSourceMapping", "FunctionResponseTypes"),
           ("AWS::CloudWatch::Alarm", "Unit"), ("AWS::CloudWatch::Alarm", "Statistic")}

# What SAM hands on, by its own event or resource type: to which type's property.
MACHINE, RULE, TABLE, FUNCTION = "AWS::StepFunctions::StateMachine", "AWS::Events::Rule", "AWS::DynamoDB::Table", "AWS::Lambda::Function"
SCHEDULE = "AWS::Scheduler::Schedule"
PASSED = {
    "AWS::Serverless::StateMachine": {"Name": (MACHINE, "StateMachineName"), "Type": (MACHINE, "StateMachineType"),
                                      "Logging": (MACHINE, "LoggingConfiguration"), "Tracing": (MACHINE, "TracingConfiguration")},
    "AWS::Serverless::SimpleTable": {name: (TABLE, name) for name in
                                     ["TableName", "ProvisionedThroughput", "SSESpecification", "PointInTimeRecoverySpecification"]},
    "AWS::Serverless::Function": {name: (FUNCTION, name) for name in
                                  ["FunctionName", "MemorySize", "Timeout", "Description", "Architectures", "PackageType",
                                   "ReservedConcurrentExecutions", "EphemeralStorage", "Environment"]},
    "EventBridgeRule": {"EventBusName": (RULE, "EventBusName"), "RuleName": (RULE, "Name"), "State": (RULE, "State"),
                        "RetryPolicy": (RULE, "Targets/items/RetryPolicy"), "Input": (RULE, "Targets/items/Input"),
                        "InputPath": (RULE, "Targets/items/InputPath"),
                        "InputTransformer": (RULE, "Targets/items/InputTransformer")},
    "Schedule": {"Schedule": (RULE, "ScheduleExpression"), "Name": (RULE, "Name"), "State": (RULE, "State"),
                 "Description": (RULE, "Description"), "RetryPolicy": (RULE, "Targets/items/RetryPolicy")},
    "ScheduleV2": {name: (SCHEDULE, name) for name in
                   ["ScheduleExpression", "FlexibleTimeWindow", "Name", "State", "Description", "GroupName"]},
}
PASSED["CloudWatchEvent"] = PASSED["EventBridgeRule"]

# What the translator converts before it checks it.
CONVERTED = {"Policies", "OpenApiVersion"}

# What `aws cloudformation package` takes as the path of a local file.
PACKAGED = {(MACHINE, "DefinitionS3Location"), (FUNCTION, "Code")}

# What a template's author decides on: their attributes are those of a nested stack, or of whatever a function answers.
NOT_KNOWN = {"AWS::CloudFormation::Stack", "AWS::CloudFormation::CustomResource"}

KEPT = ["enum", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"]
DEEPEST = 12


class Registry:
    def __init__(self):
        self.folder = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas"
        self.hashes = json.loads((self.folder / "providers" / f"{REGION}.json").read_text())
        self.date = json.loads((self.folder / "version.json").read_text())["schema_date"][:10]

    def schema(self, resource_type):
        whole = json.loads((self.folder / "resources" / f"{self.hashes[resource_type]}.json").read_text())
        reduced = Reducer(whole, resource_type).reduced(whole, DEEPEST, None)
        # Attributes that only AWS sets are no properties, whatever the schema lists.
        read_only = [pointer.removeprefix("/properties/") for pointer in whole.get("readOnlyProperties", [])]
        for name in read_only:
            reduced["properties"].pop(name, None)
        for of, packaged in PACKAGED:
            if of == resource_type:
                reduced["properties"][packaged]["type"] = ["object", "string"]
        return reduced


    def attributes(self):
        """What `Fn::GetAtt` takes, by resource type: also of those types whose properties nobody asks about."""
        of = lambda name: sorted({path.split(".")[0] for path in PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, name).get_atts})
        return {name: of(name) for name in sorted(self.hashes) if name.startswith("AWS::") and name not in NOT_KNOWN}


class Reducer:
    def __init__(self, whole, name):
        self.whole, self.name = whole, name

    def reduced(self, schema, depth, of):
        while "$ref" in schema:
            schema = self.whole["definitions"][schema["$ref"].removeprefix("#/definitions/")]
        if depth == 0:
            return {}
        kept = {word: schema[word] for word in KEPT if word in schema}
        if of and (self.name, of) in GROWING:
            kept.pop("enum", None)
        kept.pop("minItems", None) if schema.get("minItems") == 0 else None
        kept.pop("minLength", None) if schema.get("minLength") == 0 else None
        kinds = schema.get("type")
        if kinds:
            kept["type"] = [kinds] if isinstance(kinds, str) else kinds
        # Rust's regular expressions have no look-around.
        pattern = schema.get("pattern")
        if pattern and "(?" not in pattern:
            kept["pattern"] = pattern
        if "properties" in schema:
            kept["properties"] = {name: self.reduced(value, depth - 1, name) for name, value in sorted(schema["properties"].items())}
            if schema.get("additionalProperties") is False and "patternProperties" not in schema:
                kept["closed"] = True
        if "patternProperties" in schema:
            values = list(schema["patternProperties"].values())
            if len(values) == 1 and "properties" not in schema:
                kept["each"] = self.reduced(values[0], depth - 1, of)
        # Where one of several schemas has to hold, none of them is what this one demands.
        if "required" in schema:
            kept["required"] = schema["required"]
        items = schema.get("items")
        if isinstance(items, dict):
            kept["items"] = self.reduced(items, depth - 1, of)
        return kept


SAMPLES = [("string", "x"), ("integer", 1), ("number", 1.5), ("boolean", True), ("object", {}), ("array", [])]


def kinds(validate):
    """What the translator's check of a property takes, by asking it."""
    if validate is None:
        return None
    taken = [kind for kind, sample in SAMPLES if validate(sample, should_raise=False)]
    return taken if len(taken) < len(SAMPLES) else None


def macro(cls, name, registry):
    properties = {}
    for key, declared in sorted(cls.property_types.items()):
        schema = {}
        taken = kinds(declared.validate) if key not in CONVERTED else None
        if taken:
            schema = {"type": taken, "strict": True}
        if taken and "object" not in taken and not declared.supports_intrinsics:
            schema["plain"] = True
        if passed := PASSED.get(name, {}).get(key):
            there = registry.schema(passed[0])
            for step in passed[1].split("/"):
                there = there["items"] if step == "items" else there["properties"][step]
            there = {word: value for word, value in there.items() if word != "type"}
            schema = {**there, **schema}
        properties[key] = schema
    required = sorted(key for key, declared in cls.property_types.items() if declared.required)
    # The translator itself fills these in.
    required = [key for key in required if key not in ("RestApiId", "ApiId")]
    return {"type": ["object"], "properties": properties, "closed": True, **({"required": required} if required else {})}


def events(modules, registry):
    classes = {}
    for module in modules:
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if getattr(cls, "resource_type", None) and getattr(cls, "property_types", None) and cls.__module__ == module.__name__:
                classes[cls.resource_type] = cls
    return {name: macro(cls, name, registry) for name, cls in sorted(classes.items())}


def serverless(registry):
    sources = samtranslator.model.eventsources
    of_machine = events([samtranslator.model.stepfunctions.events, sources.scheduler], registry)
    of_function = events([sources.push, sources.pull, sources.cloudwatchlogs, sources.scheduler], registry)
    for cls in [sam.SamStateMachine, sam.SamFunction, sam.SamSimpleTable, sam.SamApi, sam.SamHttpApi]:
        name = cls.resource_type
        schema = macro(cls, name, registry)
        by_type = {"AWS::Serverless::StateMachine": of_machine, "AWS::Serverless::Function": of_function}.get(name)
        if by_type:
            schema["properties"]["Events"]["each"] = {"byType": by_type}
        yield name, schema


def main():
    for package, version in VERSIONS.items():
        assert importlib.metadata.version(package) == version, f"pip install {package}=={version}"
    registry = Registry()
    schemas = {name: registry.schema(name) for name in TYPES} | dict(serverless(registry))
    index, blocks = [], b""
    for name, schema in [("attributes", registry.attributes()), *sorted(schemas.items())]:
        packed = zlib.compress(json.dumps(schema, separators=(",", ":")).encode(), 9)
        index.append(f"{name} {len(blocks)} {len(packed)}")
        blocks += packed
    header = [
        f"# CloudFormation's registry schemas of {REGION}, as cfn-lint {VERSIONS['cfn-lint']} carries them: {registry.date}",
        f"# SAM's resource types, as aws-sam-translator {VERSIONS['aws-sam-translator']} checks them",
    ]
    target = pathlib.Path(__file__).parent.parent / "src" / "aws" / "resource_schema" / "schemas.bin"
    target.write_bytes("\n".join(header + index).encode() + b"\n\n" + blocks)
    print(f"{len(schemas)} types, {target.stat().st_size} bytes")


main()
