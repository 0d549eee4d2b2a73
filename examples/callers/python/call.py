"""call.py TARGET METHOD REQUEST [KEY]: calls a device, and repeats the call where that is safe.

REQUEST is a JSON value. KEY names the effect: with a key, a call that may have run can be repeated.
Exits with 0 when the method ran, 1 when it did not run, 2 for wrong usage, 3 when it may have run, 4 when it ran and
failed.
"""
import http.client
import json
import os
import random
import socket
import sys
import time
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

RAN, DID_NOT_RUN, MAY_HAVE_RUN, RAN_AND_FAILED = 0, 1, 3, 4
ATTEMPTS = 5
CREDENTIALS = Session().get_credentials()


def send(body, headers):
    """Makes one call. Returns status, headers and body; status 0 where no answer came, None where nothing was sent."""
    signed = AWSRequest("POST", os.environ["API_ENDPOINT"], headers=headers, data=body)
    SigV4Auth(CREDENTIALS, "execute-api", os.environ["AWS_REGION"]).add_auth(signed)
    request = urllib.request.Request(signed.url, data=body, headers=dict(signed.headers), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=35) as answer:  # API Gateway gives up after 29 s
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read().decode()
    except urllib.error.URLError as failed:
        is_sent = not isinstance(failed.reason, (ConnectionRefusedError, socket.gaierror))
        return 0 if is_sent else None, {}, str(failed.reason)
    except (OSError, http.client.HTTPException) as lost:
        return 0, {}, str(lost)


def call(target, method, request, key=None):
    """Calls until the outcome is known, or a repetition would not be safe. Returns the outcome and the last body."""
    body = json.dumps({"target": target, "method": method, "request": request, "timeout": 5}).encode()
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
    may_have_run = False
    for attempt in range(1, ATTEMPTS + 1):
        status, answer, text = send(body, headers)
        if status == 200:
            return RAN, text
        if status == 502 and '"result":"device_error"' in text:
            return RAN_AND_FAILED, text
        if status in (400, 403, 409, 413):
            break  # the same call has the same end
        if status not in (None, 429, 503):
            may_have_run = True
        if may_have_run and not key:
            break
        if attempt < ATTEMPTS:
            time.sleep(int(answer.get("Retry-After", 1)) * attempt * random.uniform(1, 1.5))
    # What a repetition says of itself, it does not say of the first attempt.
    return MAY_HAVE_RUN if may_have_run else DID_NOT_RUN, text


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        print("usage: call.py TARGET METHOD REQUEST [KEY]", file=sys.stderr)
        sys.exit(2)
    target, method, request, *key = sys.argv[1:]
    outcome, text = call(target, method, json.loads(request), *key)
    print(text)
    sys.exit(outcome)
