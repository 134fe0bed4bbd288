#!/usr/bin/env python3
"""Reduces the published AWS service models to src/aws/service_model/models.bin.

    python3 -m venv venv && venv/bin/pip install -r scripts/requirements.txt
    venv/bin/python scripts/service_models.py

The build does not run this and needs no network: the table is committed. Services whose requests and answers the
linter knows are listed in WHOLE; one line more and a run of this script adds one. Of every other service the
names of its actions are kept, so that a misspelt one is still found.

The format, read by src/aws/service_model/archive.rs: a text of one line a service,

    NAME PREFIX IAM OFFSET COMPRESSED RAW

ended by an empty line, then the services' blocks, each compressed on its own (zlib), at OFFSET after that line. A
block is a line a record: `A name input output` an action (`-` for none), then, in the order of their numbers from 0, the
shapes: `S name=type name!=type ...` a structure (`!` required), `U` the same for a union, `L type` a list, `M type`
a map, `E value,value,...` a text of one of these, and a letter alone what the letter says. A type is the number of a shape or a letter: s text,
i whole number, d number, b boolean, t time, x bytes, j any document. After the type of a list or map, and after a letter that is a shape, may
stand the least and the greatest length, size or value (`L 7 1 10`, `i 128 10240`, `s - 256`).
"""

import pathlib
import re
import zlib

import botocore.loaders

VERSION = "1.44.5"

# By botocore's name. `states`, `events` and the like are spelled there as `stepfunctions`, `events`.
WHOLE = [
    "apigatewaymanagementapi", "athena", "autoscaling", "batch", "bedrock-agent", "bedrock-agent-runtime", "bedrock-runtime", "cloudformation",
    "cloudwatch", "codebuild", "cognito-idp", "comprehend", "databrew", "dynamodb", "ecs", "eks", "emr", "emr-containers", "emr-serverless", "events",
    "firehose", "glue", "iot-data", "kinesis", "kms", "lambda", "logs", "organizations", "pipes", "polly", "rds-data", "redshift-data", "rekognition",
    "s3", "scheduler", "secretsmanager", "ses", "sesv2", "sns", "sqs", "ssm", "stepfunctions", "sts", "textract", "transcribe", "translate",
]

# Of an API whose shapes are large, these actions only; the others keep their names.
PART = {
    "ec2": ["CreateSnapshot", "CreateTags", "DescribeInstanceStatus", "RebootInstances", "StartInstances", "StopInstances", "TerminateInstances"],
    "bedrock": ["CreateModelCustomizationJob", "CreateEvaluationJob", "GetEvaluationJob", "GetModelCustomizationJob"],
    "sagemaker": ["CreateEndpoint", "CreateEndpointConfig", "CreateHyperParameterTuningJob", "CreateLabelingJob", "CreateModel",
                  "CreateProcessingJob", "CreateTrainingJob", "CreateTransformJob", "UpdateEndpoint"],
}

PRIMITIVES = {"string": "s", "character": "s", "integer": "i", "long": "i", "float": "d", "double": "d", "bigdecimal": "d",
              "boolean": "b", "timestamp": "t", "blob": "x"}


def bounds(shape):
    """` 1 256`: the least and the greatest length, size or value that the model states, `-` where it states one only."""
    found = [shape.get("min"), shape.get("max")]
    # A length cannot be less than 0, so such a bound says nothing.
    if found[0] == 0 and shape["type"] in ("string", "blob", "list", "map"):
        found[0] = None
    if found == [None, None]:
        return ""
    return "".join(" -" if bound is None else f" {bound:g}" if isinstance(bound, float) else f" {bound}" for bound in found)


def words(text):
    """The words of a name, as the Java SDK, after which Step Functions names services and errors, finds them."""
    text = re.sub(r"[^A-Za-z0-9]+", " ", text)
    text = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 ", text)
    text = re.sub(r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 ", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z]([a-zA-Z]|[0-9]))", " ", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", text)
    return text.split()


def prefix(service_id):
    """`DynamoDB` -> `DynamoDb`: what the service's errors begin with."""
    name = "".join(word.lower().capitalize() for word in words(service_id))
    for leading in ("Amazon", "Aws"):
        name = name.removeprefix(leading)
    return name.removesuffix("Service") or name


def action(name):
    """`PutItem` -> `putItem`, `DescribeDBInstances` -> `describeDBInstances`."""
    end = 1
    while end < len(name) and name[end].isupper() and not (end + 1 < len(name) and name[end + 1].islower()):
        end += 1
    return name[:end].lower() + name[end:]


class Shapes:
    def __init__(self, model):
        self.model, self.numbers, self.lines = model["shapes"], {}, []

    def type(self, name):
        shape = self.model[name]
        kind = shape["type"]
        if shape.get("document"):
            return "j"
        if kind == "string" and shape.get("enum"):
            return str(self.number(name))
        if kind in PRIMITIVES and not bounds(shape):
            return PRIMITIVES[kind]
        return str(self.number(name))

    def number(self, name):
        if name in self.numbers:
            return self.numbers[name]
        at = self.numbers[name] = len(self.lines)
        self.lines.append("")
        shape = self.model[name]
        kind = shape["type"]
        if kind == "string" and shape.get("enum"):
            # Spaces and commas divide the format's fields; a value that holds one makes the text a free one.
            values = shape["enum"]
            line = "E " + ",".join(values) if not any(" " in v or "," in v for v in values) else "E"
        elif kind in PRIMITIVES:
            line = PRIMITIVES[kind] + bounds(shape)
        elif kind == "list":
            line = "L " + self.type(shape["member"]["shape"]) + bounds(shape)
        elif kind == "map":
            line = "M " + self.type(shape["value"]["shape"]) + bounds(shape)
        else:
            # A token that the SDK makes up where it is not given (the trait `idempotencyToken`) is never missing.
            required = {name for name in shape.get("required", []) if not shape["members"][name].get("idempotencyToken")}
            members = [f"{member}{'!' if member in required else ''}={self.type(target['shape'])}"
                       for member, target in shape["members"].items()]
            line = " ".join(["U" if shape.get("union") else "S", *members])
        self.lines[at] = line
        return at


def block(model, chosen):
    shapes, actions = Shapes(model), []
    for name, operation in model["operations"].items():
        if chosen is None or name in chosen:
            ends = [operation.get(end) for end in ("input", "output")]
            ends = [str(shapes.number(end["shape"])) if end else "-" for end in ends]
            actions.append(f"A {action(name)} {ends[0]} {ends[1]}")
        else:
            actions.append(f"A {action(name)}")
    return "\n".join([*actions, *shapes.lines]) + "\n"


def main():
    import botocore

    assert botocore.__version__ == VERSION, f"botocore {VERSION} is what the committed table was made of"
    loader = botocore.loaders.Loader(include_default_search_paths=False,
                                     extra_search_paths=[str(pathlib.Path(botocore.__file__).parent / "data")])
    index, blocks, offset = {}, [], 0
    for service in loader.list_available_services("service-2"):
        model = loader.load_service_model(service, "service-2")
        metadata = model["metadata"]
        name = prefix(metadata["serviceId"])
        iam = metadata.get("signingName", metadata["endpointPrefix"])
        raw = block(model, None if service in WHOLE and service not in PART else PART.get(service, [])).encode()
        packed = zlib.compress(raw, 9)
        if name.lower() in index:
            continue
        index[name.lower()] = f"{name.lower()} {name} {iam} {offset} {len(packed)} {len(raw)}"
        blocks.append(packed)
        offset += len(packed)
    out = pathlib.Path(__file__).parent.parent / "src/aws/service_model/models.bin"
    out.write_bytes(("\n".join(index[name] for name in sorted(index)) + "\n\n").encode() + b"".join(blocks))
    print(f"{out}: {len(index)} services, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
