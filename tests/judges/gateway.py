"""A stand-in for a REST API of API Gateway whose integrations call DynamoDB: it takes the API out of a generated template,
renders its mapping templates with a Velocity of somebody else's (airspeed), and sends what they give to a DynamoDB.

What airspeed lacks of Java's methods is here, by the Java documentation; `$util.escapeJavaScript` is that of Apache Commons, with
its escaped single quotes and slashes, and its empty object for an empty text, as API Gateway has it."""
import base64
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request

import airspeed
import yaml


# Velocity's texts have no escapes; airspeed's have.
for literal in (airspeed.StringLiteral, airspeed.InterpolatedStringLiteral):
    literal.ESCAPED_CHAR = re.compile("(?!)")


class Text(str):
    """A java.lang.String."""

    def length(self):
        return len(self)

    def contains(self, other):
        return other in self

    def indexOf(self, other):
        return self.find(other)

    def matches(self, pattern):
        return re.fullmatch(pattern, self) is not None

    def replace(self, old, new):
        return Text(str.replace(self, old, new))

    def replaceAll(self, pattern, new):
        return Text(re.sub(pattern, lambda _: new, self))

    def substring(self, start, end=None):
        if not 0 <= start <= (len(self) if end is None else end) <= len(self):
            raise IndexError(f"substring({start}, {end}) of {self!r}")
        return Text(self[start:end])


class Map(dict):
    """A java.util.Map."""

    def containsKey(self, key):
        return key in self

    def keySet(self):
        return list(self)


def java(value):
    if isinstance(value, dict):
        return Map((Text(key), java(element)) for key, element in value.items())
    if isinstance(value, list):
        return [java(element) for element in value]
    return Text(value) if isinstance(value, str) else value


class Util:
    def escapeJavaScript(self, text):
        if text == "":
            return Text("{}")
        escapes = {"'": "\\'", '"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
        units = text.encode("utf-16-be")
        points = [int.from_bytes(units[at:at + 2], "big") for at in range(0, len(units), 2)]
        escape = lambda point: chr(point) if 32 <= point < 127 else f"\\u{point:04X}"
        return Text("".join(escapes.get(chr(point), escape(point)) for point in points))

    def urlDecode(self, text):
        return Text(urllib.parse.unquote_plus(text, errors="strict"))

    def base64Encode(self, text):
        return Text(base64.b64encode(text.encode()).decode())

    def base64Decode(self, text):
        return Text(base64.b64decode(text, validate=True).decode(errors="replace"))


class Input:
    def __init__(self, parameters, body=None):
        self.parameters, self.body = parameters, body

    def params(self, name):
        return Text(self.parameters.get(name, ""))

    def path(self, path):
        if path == "$":
            return java(self.body)
        return java(self.body.get(path.removeprefix("$."), ""))


class Tags(yaml.SafeLoader):
    """Reads CloudFormation's short tags as the names in them."""


Tags.add_multi_constructor("!", lambda loader, suffix, node: f"!{suffix} {node.value}")


class Gateway:
    def __init__(self, template, table):
        with open(template, encoding="utf-8") as file:
            resources = yaml.load(file, Tags)["Resources"]
        self.paths = resources["FilesApi"]["Properties"]["DefinitionBody"]["paths"]
        self.table = table

    def get(self, url):
        """The status code and the body of what a GET of this path and query answers."""
        path, _, query = url.partition("?")
        parameters = {name: values[-1] for name, values in urllib.parse.parse_qs(query, keep_blank_values=True).items()}
        route = "/files"
        if path != route:
            # A path parameter is handed on as it stands in the URL.
            route, parameters["key"] = "/files/{key+}", path.removeprefix("/files/")
        integration = self.paths[route]["get"]["x-amazon-apigateway-integration"]
        request = self.render(integration["requestTemplates"]["application/json"], Input(parameters))[0]
        status, answer = dynamodb(integration["uri"].rpartition("/")[2], json.dumps(json.loads(request)))
        for pattern, response in integration["responses"].items():
            if pattern != "default" and re.fullmatch(pattern, str(status)):
                break
        else:
            response = integration["responses"]["default"]
        body, override = self.render(response["responseTemplates"]["application/json"], Input(parameters, answer))
        return override or int(response["statusCode"]), json.loads(body)

    def render(self, template, input):
        override = {"status": None}
        names = {"input": input, "util": Util(), "context": {"responseOverride": override}}
        names["stageVariables"] = {"TableName": self.table}
        text = airspeed.Template(template).merge(names)
        return text, override["status"]


def dynamodb(action, body):
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{action}",
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20240101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    }
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], body.encode(), headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
