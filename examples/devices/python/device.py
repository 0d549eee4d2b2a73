"""A device of Roundtrip on paho-mqtt 1.6, which Debian 12 has, or 2. The README says how it works."""
import json
import os
import queue
import random
import re
import sys
import time
from types import SimpleNamespace

import paho.mqtt.client as mqtt

NAME, IDENTITY = sys.argv[1:]  # the name of the thing, and the directory with its certificate and key
TOPIC = re.compile(r"([^/]+)/([a-zA-Z0-9:._-]{1,64})/([^/]+)/((?:\.[a-z2-7]{9}/)?[0-9a-f-]{36})")
MAX_WAITING, MAX_REMEMBERED, MAX_BYTES, HOUR = 100, 1000, 128 * 1024 - 64, 3_600_000
waiting = queue.Queue(MAX_WAITING)
remembered = {}  # call by id
counter = 0


def ended(kind, code, message, **more):
    """How a method ends without a response. The kind is "refused" (it did not run) or "error" (it failed)."""
    return {kind: {"code": code, "message": message, **more}}


def count(_):
    global counter
    counter += 1
    return {"response": counter}


def div(value):
    if type(value) is not list or len(value) != 2 or any(type(number) not in (int, float) for number in value):
        return ended("refused", "invalid_request", "div takes an array of two numbers")
    if value[1] == 0:
        return ended("error", "division_by_zero", "the second number is 0")
    return {"response": value[0] / value[1]}


METHODS = {"echo": lambda value: {"response": value}, "count": count, "div": div}


def outcome(call, request, has_room):
    """Runs the method where nothing forbids it."""
    if call.deadline is not None and call.deadline < time.time() * 1000:
        return ended("refused", "expired", "the deadline is past")
    if call.method not in METHODS:
        return ended("refused", "unknown_method", "this device does not have the method")
    if not has_room:
        return ended("refused", "busy", "too many requests wait", retryAfter=1)
    try:
        result = METHODS[call.method](request)
        return result if len(as_json(result)) <= MAX_BYTES else ended("error", "too_large", "the answer is over 128 KB")
    except Exception as bug:
        print(f"{call.method} is broken: {type(bug).__name__}", file=sys.stderr)
        return ended("error", "internal", "the method is broken")


def as_json(value):
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def answer(call, members):
    if "refused" not in members or call.deadline is not None:  # The AWS sample's gateway takes refusals for success.
        call.answer = as_json({"id": call.id, **members})
        client.publish(call.topic, call.answer, qos=1)


def on_message(_client, _userdata, message):
    """Takes a request in, once for each id. What is no request is dropped."""
    topic = TOPIC.fullmatch(message.topic)
    try:
        payload = json.loads(message.payload.decode())
        id, request, deadline = payload["id"], payload["request"], payload.get("deadline")
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    if not topic or topic[1] != NAME or topic[4] != id or type(deadline) not in (int, type(None)):
        return
    now = time.time() * 1000
    for past in [past for past, call in remembered.items() if call.until < now]:
        del remembered[past]
    if id in remembered:
        if remembered[id].answer:
            client.publish(remembered[id].topic, remembered[id].answer, qos=1)
    elif len(remembered) < MAX_REMEMBERED:  # What cannot be remembered must not run: its repetition would run again.
        until = now + HOUR if deadline is None else min(deadline, now + HOUR)
        ack = f"{topic[3]}/{id}/{NAME}/{topic[2]}/ack"
        call = remembered[id] = SimpleNamespace(
            id=id, topic=ack, method=topic[2], deadline=deadline, until=until, answer=None)
        if waiting.full():
            answer(call, outcome(call, request, has_room=False))
        else:
            waiting.put((call, request))


def on_connect(client, _userdata, _flags, code):
    print(mqtt.connack_string(code), file=sys.stderr)
    if code == 0:
        client.subscribe(f"{NAME}/#", qos=1)  # each time: a clean session starts without subscriptions


def on_subscribe(_client, _userdata, _id, granted):
    print(f"{NAME} is ready" if granted[0] < 128 else "the broker refused the subscription", flush=True)


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
    call, request = waiting.get()
    answer(call, outcome(call, request, has_room=True))
