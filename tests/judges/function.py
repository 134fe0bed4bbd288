"""A stand-in for an HTTP API of API Gateway, or a REST API: calls the handler of a generated stack with events of payload format
2.0, or 1.0."""
import importlib
import json
import os
import pathlib
import sys
import urllib.parse

import yaml

from gateway import Tags


class Function:
    def __init__(self, template, table):
        resources = yaml.load(pathlib.Path(template).read_text(encoding="utf-8"), Tags)["Resources"]
        properties = resources["FilesFunction"]["Properties"]
        variables = properties["Environment"]["Variables"]
        os.environ.update({name: table if value == "!Ref FilesTable" else value for name, value in variables.items()})
        module, _, name = properties["Handler"].partition(".")
        sys.path.insert(0, str(pathlib.Path(template).parent / properties["CodeUri"]))
        self.handler = getattr(importlib.import_module(module), name)
        self.events = self.of_rest_api if resources["FilesApi"]["Type"] == "AWS::Serverless::Api" else self.of_http_api

    def get(self, url):
        """The status code and the body of what a GET of this path and query answers."""
        path, _, query = url.partition("?")
        answers = [self.handler(event, None) for event in self.events(path, query)]
        assert all(answer == answers[0] for answer in answers), answers
        assert answers[0]["headers"]["content-type"] == "application/json"
        return answers[0]["statusCode"], json.loads(answers[0]["body"])

    def of_http_api(self, path, query):
        event = {"version": "2.0", "routeKey": "GET /files", "rawPath": path, "rawQueryString": query}
        if path != "/files":
            event["routeKey"] = "GET /files/{key+}"
            event["pathParameters"] = {"key": urllib.parse.unquote(path.removeprefix("/files/"))}
        yield event

    def of_rest_api(self, path, query):
        """The documentation does not say whether path parameters are decoded there, so both are tried."""
        values = urllib.parse.parse_qs(query, keep_blank_values=True) or None
        last = values and {name: several[-1] for name, several in values.items()}
        event = {"resource": "/files", "path": path, "httpMethod": "GET", "pathParameters": None}
        event |= {"queryStringParameters": last, "multiValueQueryStringParameters": values}
        if path == "/files":
            yield event
            return
        key = path.removeprefix("/files/")
        for parameter in (key, urllib.parse.unquote(key)):
            yield event | {"resource": "/files/{key+}", "pathParameters": {"key": parameter}}
