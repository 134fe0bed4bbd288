#!/usr/bin/env python3
"""Reduces SAM's policy templates to src/permissions/sam_policies.txt.

    python3 -m venv venv && venv/bin/pip install -r scripts/requirements.txt
    venv/bin/python scripts/sam_policies.py

The build does not run this: the table is committed. A line `P NAME parameter ...` begins a policy, and each of its statements is a
line `S action,action resource resource ...`, with `{Parameter}` and `${AWS::Region}` in the resources; `C` for `S` where the
statement has a condition.
"""

import importlib.metadata
import json
import pathlib

import samtranslator

VERSION = "1.115.0"


def many(value):
    return value if isinstance(value, list) else [value]


def resource(value):
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return "{" + value["Ref"] + "}"
    text, given = value["Fn::Sub"] if isinstance(value["Fn::Sub"], list) else (value["Fn::Sub"], {})
    for name, target in given.items():
        text = text.replace("${" + name + "}", "{" + target["Ref"] + "}")
    return text


def main():
    assert importlib.metadata.version("aws-sam-translator") == VERSION
    data = pathlib.Path(samtranslator.__file__).parent / "policy_templates_data/policy_templates.json"
    lines = []
    for name, template in sorted(json.loads(data.read_text())["Templates"].items()):
        lines.append(" ".join(["P", name, *template["Parameters"]]))
        for statement in template["Definition"]["Statement"]:
            resources = [resource(value) for value in many(statement["Resource"])]
            kind = "C" if statement.get("Condition") else "S"
            lines.append(" ".join([kind, ",".join(many(statement["Action"])), *resources]))
    out = pathlib.Path(__file__).parent.parent / "src/permissions/sam_policies.txt"
    out.write_text("\n".join(lines) + "\n")
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
