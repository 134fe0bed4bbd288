"""Answers GET /files and GET /files/{key} from the table that the environment names."""
import base64
import json
import os
import re
import urllib.parse
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
INDEX = os.environ["INDEX_NAME"]
FILE_NAME = os.environ["FILE_NAME"]
# Set where the table holds every upload: the sort key.
LAST_MODIFIED = os.environ.get("LAST_MODIFIED")
FOLDER = "folder"
BUSY = {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"}
WRONG = (
    "limit is a whole number from 1 to 1000, next is the token of a listing with the same prefix, "
    "and a key has 1024 bytes at most"
)


def handler(event, context):
    """Takes an event of payload format 2.0: its path parameters are decoded, its raw query is not."""
    try:
        if event["routeKey"] == "GET /files":
            query = urllib.parse.parse_qs(event["rawQueryString"], keep_blank_values=True)
            return list_files({name: values[-1] for name, values in query.items()})
        return get_file(event["pathParameters"]["key"])
    except ValueError:
        return answer(400, {"message": WRONG})
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ValidationException":
            return answer(400, {"message": WRONG})
        if code in BUSY:
            return answer(429, {"message": "Too many requests; try again later"})
        raise


def list_files(query):
    limit, prefix = query.get("limit") or "100", query.get("prefix", "")
    if not re.fullmatch("[1-9][0-9]{0,2}|1000", limit):
        raise ValueError(limit)
    first, slash, _ = prefix.partition("/")
    folder = f"in:{first}" if slash else "top"
    condition = Key(FOLDER).eq(folder)
    if prefix:
        condition &= Key(FILE_NAME).begins_with(prefix)
    request = {"IndexName": INDEX, "KeyConditionExpression": condition, "Limit": int(limit)}
    if query.get("next"):
        request["ExclusiveStartKey"] = {FOLDER: folder, **last_key(query["next"])}
    found = TABLE.query(**request)
    page = {"files": [shown(record) for record in found["Items"]]}
    if "LastEvaluatedKey" in found:
        page["next"] = token(found["LastEvaluatedKey"])
    return answer(200, page)


def get_file(key):
    if LAST_MODIFIED:
        newest = {"KeyConditionExpression": Key(FILE_NAME).eq(key), "ScanIndexForward": False, "Limit": 1}
        record = next(iter(TABLE.query(**newest)["Items"]), None)
    else:
        record = TABLE.get_item(Key={FILE_NAME: key}).get("Item")
    return answer(200, shown(record)) if record else answer(404, {"message": "The file does not exist"})


def token(key):
    """What a page ended with, in the letters of base64 that need no escapes in a URL: "lastModified/fileName"."""
    text = f"{key[LAST_MODIFIED] if LAST_MODIFIED else ''}/{key[FILE_NAME]}"
    return base64.urlsafe_b64encode(text.encode()).decode().replace("=", "~")


def last_key(text):
    """The key that a token holds. One that was made up is a ValueError, or is refused by DynamoDB."""
    plain = base64.b64decode(text.replace("~", "="), altchars="-_", validate=True).decode()
    last_modified, slash, file_name = plain.partition("/")
    if not slash:
        raise ValueError(text)
    return {FILE_NAME: file_name, **({LAST_MODIFIED: last_modified} if LAST_MODIFIED else {})}


def shown(record):
    return {name: value for name, value in record.items() if name != FOLDER}


def number(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"no JSON for {type(value)}")


def answer(status, body):
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body, default=number)}
