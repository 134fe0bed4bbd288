"""Answers a REST API: makes of its requests what handler.py takes."""
import urllib.parse

import handler as answers


def handler(event, context):
    """Takes an event of payload format 1.0: its query is decoded, its path is not."""
    query = urllib.parse.urlencode(event["multiValueQueryStringParameters"] or {}, doseq=True)
    request = {"routeKey": f"GET {event['resource']}", "rawQueryString": query}
    if event["pathParameters"]:
        key = event["pathParameters"]["key"]
        # The end of the path, as it stands in the URL: decoded once, here or by API Gateway.
        request["pathParameters"] = {"key": urllib.parse.unquote(key) if event["path"].endswith(key) else key}
    return answers.handler(request, context)
