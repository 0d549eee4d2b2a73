"""A device of Roundtrip on paho-mqtt 1.6, which Debian 12 has, or 2. The methods come first; the rest keeps the contract."""
import json
import os
import queue
import random
import re
import sys
import time

import paho.mqtt.client as mqtt

NAME, IDENTITY = sys.argv[1:]  # the name of the thing, and the directory with its certificate and key
TOPIC = re.compile(r"([^/]+)/([a-zA-Z0-9:._-]{1,64})/([^/]+)/((?:\.[a-z2-7]{9}/)?[0-9a-f-]{36})")
MAX_BYTES, MAX_REMEMBERED, MAX_WAITING, HOUR = 128 * 1024, 1000, 100, 3_600_000
requests = queue.Queue(MAX_WAITING)
remembered = {}  # id: (epoch milliseconds until which it is remembered, topic of the answer, answer or None)
counter = 0


class Ended(Exception):
    """A method that has no response. Arguments: "refused" (it did not run) or "error" (it failed), code, message."""


def count(_):
    global counter
    counter += 1
    return counter


def div(value):
    if type(value) is not list or len(value) != 2 or any(type(number) not in (int, float) for number in value):
        raise Ended("refused", "invalid_request", "div takes an array of two numbers")
    if value[1] == 0:
        raise Ended("error", "division_by_zero", "the second number is 0")
    return value[0] / value[1]


METHODS = {"echo": lambda value: value, "count": count, "div": div}


def handle(message):
    """Answers one message, once for each id. What is not a request is dropped."""
    topic = TOPIC.fullmatch(message.topic)
    try:
        request = json.loads(message.payload.decode())
        id, value, deadline = request["id"], request["request"], request.get("deadline")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return
    if not topic or topic[1] != NAME or topic[4] != id or type(deadline) not in (int, type(None)):
        return
    now = time.time_ns() // 1_000_000
    for past in [past for past, (until, _, _) in remembered.items() if until < now]:
        del remembered[past]
    if id not in remembered:
        if len(remembered) >= MAX_REMEMBERED:
            return  # A request that cannot be remembered must not run: its repetition would run again.
        until = now + HOUR if deadline is None else min(deadline, now + HOUR)
        is_late = deadline is not None and deadline < now
        remembered[id] = until, f"{topic[3]}/{id}/{NAME}/{topic[2]}/ack", answer(id, topic[2], value, deadline, is_late)
    if remembered[id][2] is not None:
        client.publish(*remembered[id][1:], qos=1)


def answer(id, method, value, deadline, is_late):
    """Runs a method. Returns the payload of the answer, or None where the device must stay silent."""
    try:
        if is_late:
            raise Ended("refused", "expired", "the deadline is past")
        if method not in METHODS:
            raise Ended("refused", "unknown_method", "this device does not have the method")
        text = as_json({"id": id, "response": METHODS[method](value)})
        return text if len(text) <= MAX_BYTES else as_json({"id": id, "error": error("too_large", "over 128 KB")})
    except Ended as ended:
        kind, code, message = ended.args
        # A request without deadline comes from a gateway of the AWS sample, which takes each answer for success.
        return None if kind == "refused" and deadline is None else as_json({"id": id, kind: error(code, message)})
    except Exception as bug:
        print(f"{method} is broken: {type(bug).__name__}", file=sys.stderr)
        return as_json({"id": id, "error": error("internal", "the method is broken")})


def error(code, message):
    return {"code": code, "message": message}


def as_json(value):
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def on_connect(client, _userdata, _flags, code):
    if code == 0:
        client.subscribe(f"{NAME}/#", qos=1)  # each time: a clean session starts without subscriptions
    else:
        print(f"connection refused: {mqtt.connack_string(code)}", file=sys.stderr)


def on_subscribe(_client, _userdata, _id, granted):
    print(f"{NAME} is ready" if granted[0] < 128 else "the broker refused the subscription", flush=True)


def on_message(_client, _userdata, message):
    if not requests.full():  # A request that finds no room is dropped. Its caller gets 504.
        requests.put(message)


# paho-mqtt 2 wants to know first which callbacks these are.
callbacks = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
client = mqtt.Client(*callbacks, NAME, clean_session=True)
client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.tls_set(os.environ["IOT_CA"], f"{IDENTITY}/certificate.pem", f"{IDENTITY}/private.key")
client.max_queued_messages_set(MAX_WAITING)
client.reconnect_delay_set(random.uniform(1, 2), random.uniform(60, 120))  # seconds: the first pause, which doubles
host, _, port = os.environ["IOT_ENDPOINT"].partition(":")
client.connect_async(host, int(port or 8883), keepalive=30)
client.loop_start()  # The connection has a thread of its own, so that a slow method does not end it.
while True:
    handle(requests.get())
