"""A stand-in for an HTTP API of API Gateway: calls the handler of a generated stack with events of payload format 2.0."""
import importlib.util
import json
import os
import pathlib
import urllib.parse

import yaml

from gateway import Tags


class Function:
    def __init__(self, template, table):
        resources = yaml.load(pathlib.Path(template).read_text(encoding="utf-8"), Tags)["Resources"]
        properties = resources["FilesFunction"]["Properties"]
        variables = properties["Environment"]["Variables"]
        os.environ.update({name: table if value == "!Ref FilesTable" else value for name, value in variables.items()})
        module, _, self.name = properties["Handler"].partition(".")
        code = pathlib.Path(template).parent / properties["CodeUri"] / f"{module}.py"
        spec = importlib.util.spec_from_file_location(module, code)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)

    def get(self, url):
        """The status code and the body of what a GET of this path and query answers."""
        path, _, query = url.partition("?")
        event = {"version": "2.0", "routeKey": "GET /files", "rawPath": path, "rawQueryString": query}
        if path != "/files":
            event["routeKey"] = "GET /files/{key+}"
            event["pathParameters"] = {"key": urllib.parse.unquote(path.removeprefix("/files/"))}
        answer = getattr(self.module, self.name)(event, None)
        assert answer["headers"]["content-type"] == "application/json"
        return answer["statusCode"], json.loads(answer["body"])
