#!/bin/sh
# device.sh NAME DIRECTORY: a device of mosquitto_sub, mosquitto_pub and jq. The README has its limits.
# DIRECTORY has the certificate and the key of the thing NAME.
set -eu

name=$1 count=0 topic= last_topic= answer=
host=${IOT_ENDPOINT%:*} port=${IOT_ENDPOINT##*[!0-9]}
set -- -h "$host" -p "${port:-8883}" --cafile "$IOT_CA" --cert "$2/certificate.pem" --key "$2/private.key" \
    -i "$name" -q 1

# Reads what mosquitto_sub prints of a message. Prints the answer's topic and payload in two lines, or nothing.
# A request without deadline comes from a gateway of the AWS sample, which takes each answer for success.
jq='def ended($kind; $code; $message): {($kind): {code: $code, message: $message}};
    def run($method):
        if $method == "echo" then {response: .}
        elif $method == "count" then {response: $next}
        elif $method != "div" then ended("refused"; "unknown_method"; "this device does not have the method")
        elif (type == "array" and map(type) == ["number", "number"] | not)
            then ended("refused"; "invalid_request"; "div takes an array of two numbers")
        elif .[1] == 0 then ended("error"; "division_by_zero"; "the second number is 0")
        else {response: (.[0] / .[1])} end;
    def topic: "^(?<name>[^/]+)/(?<method>[a-zA-Z0-9:._-]{1,64})/(?<prefix>[^/]+)/"
        + "(?<id>([.][a-z2-7]{9}/)?[0-9a-f-]{36})$";
    (.topic | capture(topic)) as $t | (.payload | fromjson) as $p
    | select($t.name == $name and ($p | type) == "object")
    | select($t.id == $p.id and ($p | has("request")) and ($p.deadline | type == "number" or . == null))
    | (if $p.deadline != null and $p.deadline < now * 1000 then ended("refused"; "expired"; "the deadline is past")
        else $p.request | run($t.method) end) as $outcome
    | select($outcome.refused == null or $p.deadline != null)
    | "\($t.prefix)/\($t.id)/\($name)/\($t.method)/ack", ({id: $p.id} + $outcome | tojson)'

while true; do
    # One message each time: mosquitto_pub needs the client id, because the policy allows no other.
    if ! message=$(mosquitto_sub "$@" -t "$name/#" -C 1 -F %j); then
        sleep "$(awk 'BEGIN { srand(); print 1 + 2 * rand() }')"
        continue
    fi
    topic=$(printf '%s' "$message" | jq -r .topic) || continue
    if [ "$topic" != "$last_topic" ]; then
        new=$(printf '%s' "$message" | jq -r --arg name "$name" --argjson next $((count + 1)) "$jq") || continue
        answer=$new last_topic=$topic
        case $topic$answer in
            "$name"/count/*'"response":'*) count=$((count + 1)) ;;
        esac
    fi
    if [ -n "$answer" ]; then
        printf '%s\n' "$answer" | {
            read -r ack
            mosquitto_pub "$@" -t "$ack" -l
        } || true
    fi
done
