"""What PyYAML makes of texts, as the SAM translator calls it.

Reads a JSON list of texts, and writes a JSON list: for each text `{"tree": ...}`, or `{"refused": why}`.
"""

import json
import sys

import yaml
from samtranslator.yaml_helper import yaml_parse


def text_of_timestamp(loader, node):
    """CloudFormation has no timestamps: a date is the text that it is written as."""
    return loader.construct_scalar(node)


yaml.SafeLoader.add_constructor("tag:yaml.org,2002:timestamp", text_of_timestamp)


def plain(value):
    """The value as JSON has it."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else json.dumps(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"no JSON: {type(value).__name__}")


def answer(text):
    try:
        return {"tree": plain(yaml_parse(text))}
    except Exception as error:  # What it refuses, it refuses in many ways.
        return {"refused": f"{type(error).__name__}: {error}"}


json.dump([answer(text) for text in json.load(sys.stdin)], sys.stdout)
