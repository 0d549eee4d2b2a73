#!/bin/sh
# call.sh TARGET METHOD REQUEST [KEY]: calls a device with curl, and repeats the call where that is safe.
# REQUEST is a JSON value. KEY names the effect: with a key, a call that may have run can be repeated.
# Exits with 0 when the method ran, 1 when it did not run, 2 for wrong usage, 3 when it may have run,
# 4 when it ran and failed.
set -eu

if [ $# -lt 3 ] || [ $# -gt 4 ]; then
    echo "usage: call.sh TARGET METHOD REQUEST [KEY]" >&2
    exit 2
fi
target=$1 method=$2 request=$3 key=${4:-}
body=$(mktemp)
trap 'rm -f "$body"' EXIT

# Makes one call. Prints the status and Retry-After. API Gateway gives up after 29 s, so curl waits longer.
# Credentials are in curl's configuration, because other users of the machine can read its arguments.
call() {
    curl --config - --silent --max-time 35 --output "$body" --write-out '%{http_code} %header{retry-after}' \
        --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --header 'Content-Type: application/json' \
        ${key:+--header} ${key:+"Idempotency-Key: $key"} \
        --data-raw "{\"target\":\"$target\",\"method\":\"$method\",\"request\":$request,\"timeout\":5}" \
        "$API_ENDPOINT" <<END
user = "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"
${AWS_SESSION_TOKEN:+header = "X-Amz-Security-Token: $AWS_SESSION_TOKEN"}
END
}

end() {
    echo "$2" >&2
    cat "$body"
    echo
    exit "$1"
}

may_have_run=no
for attempt in 1 2 3 4 5; do
    : >"$body"
    code=0
    answer=$(call) || code=$?
    status=${answer%% *} pause=${answer#* }
    case $status in
        200) end 0 "it ran" ;;
        409 | 400 | 403 | 413) break ;; # the same call has the same end
        429 | 503) ;;
        502)
            if grep -q '"result":"device_error"' "$body"; then
                end 4 "it ran and failed"
            fi
            may_have_run=yes
            ;;
        *)
            # 6 and 7: no connection, so that nothing was sent.
            if [ $code -ne 6 ] && [ $code -ne 7 ]; then
                may_have_run=yes
            fi
            ;;
    esac
    if [ $may_have_run = yes ] && [ -z "$key" ]; then
        break
    fi
    if [ "$attempt" -lt 5 ]; then
        sleep $((${pause:-1} * attempt))
    fi
done
# What a repetition says of itself, it does not say of the first attempt.
if [ $may_have_run = yes ]; then
    end 3 "it may have run"
fi
end 1 "it did not run"
