"""Prints what cloudformation-validate says of a template, as JSON."""
import json
import sys

from cloudformation_validate import CompositeEngine

report = CompositeEngine().validate_template(sys.argv[1])
print(json.dumps([{"severity": d.severity.name, "rule": d.rule_id, "message": d.message} for d in report.diagnostics]))
