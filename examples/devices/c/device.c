/* A device of Roundtrip on libmosquitto 2.0 and jansson. The methods come first; the rest keeps the contract.
 * A method runs on the only thread: it must end well within the keep-alive of 30 s. */
#include <jansson.h>
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
enum { MAX_BYTES = 128 * 1024, MAX_REMEMBERED = 256, ID_SIZE = 48, HOUR = 3600 * 1000 };

/* How a method ends: with a response, or with a code. "kind" is "refused" (it did not run) or "error" (it failed). */
struct outcome { json_t *response; const char *kind, *code, *message; };

/* A place is free where the id is "". The answer is NULL where the device stays silent. */
static struct { char id[ID_SIZE]; json_int_t until; char *answer; } remembered[MAX_REMEMBERED];
static const char *name;

static struct outcome echo(json_t *request) {
    return (struct outcome){.response = json_incref(request)};
}

static struct outcome count(json_t *request) {
    static json_int_t counter = 0;
    (void)request;
    return (struct outcome){.response = json_integer(++counter)};
}

static struct outcome divide(json_t *request) {
    const json_t *a = json_array_get(request, 0), *b = json_array_get(request, 1);
    if (json_array_size(request) != 2 || !json_is_number(a) || !json_is_number(b))
        return (struct outcome){NULL, "refused", "invalid_request", "div takes an array of two numbers"};
    if (json_number_value(b) == 0)
        return (struct outcome){NULL, "error", "division_by_zero", "the second number is 0"};
    return (struct outcome){.response = json_real(json_number_value(a) / json_number_value(b))};
}

static const struct { const char *name; struct outcome (*run)(json_t *); } METHODS[] = {
    {"echo", echo}, {"count", count}, {"div", divide}};

static struct outcome run(const char *method, json_t *request) {
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (strcmp(METHODS[i].name, method) == 0)
            return METHODS[i].run(request);
    return (struct outcome){NULL, "refused", "unknown_method", "this device does not have the method"};
}

/* The payload of an answer, to be freed. NULL where the memory is used up. */
static char *payload(const char *id, struct outcome outcome) {
    if (!outcome.code && !outcome.response)
        outcome = (struct outcome){NULL, "error", "internal", "the method has no response"};
    json_t *answer = outcome.code
            ? json_pack("{ss s{ss ss}}", "id", id, outcome.kind, "code", outcome.code, "message", outcome.message)
            : json_pack("{ss so}", "id", id, "response", outcome.response);
    char *text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    if (!text || strlen(text) <= MAX_BYTES)
        return text;
    free(text);
    return payload(id, (struct outcome){NULL, "error", "too_large", "the answer is over 128 KB"});
}

/* Splits a topic of four levels, or of five with an instance: "/" becomes the end of a string. Whether it fits. */
static int split(char *topic, char **method, char **prefix, char **id) {
    if (!(*method = strchr(topic, '/')) || !(*prefix = strchr(*method + 1, '/')) || !(*id = strchr(*prefix + 1, '/')))
        return 0;
    *(*method)++ = *(*prefix)++ = *(*id)++ = '\0';
    const char *uuid = *id;
    if (*uuid == '.' && strspn(uuid + 1, LETTERS "234567") == 9 && uuid[10] == '/')
        uuid += 11;
    size_t length = strspn(*method, LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._-");
    return strcmp(topic, name) == 0 && length && length <= 64 && !(*method)[length] && **prefix
            && strlen(uuid) == 36 && strspn(uuid, "0123456789abcdef-") == 36;
}

/* Answers one message, once for each id. What is not a request is dropped. */
static void on_message(struct mosquitto *client, void *unused, const struct mosquitto_message *message) {
    (void)unused;
    char *topic = strdup(message->topic), *method, *prefix, *id, ack[512];
    json_t *json = json_loadb(message->payload, (size_t)message->payloadlen, JSON_ALLOW_NUL, NULL);
    const char *given = json_string_value(json_object_get(json, "id"));
    json_t *request = json_object_get(json, "request"), *deadline = json_object_get(json, "deadline");
    if (topic && split(topic, &method, &prefix, &id) && given && strcmp(given, id) == 0 && request
            && (!deadline || json_is_integer(deadline))) {
        struct timespec clock;
        clock_gettime(CLOCK_REALTIME, &clock);
        json_int_t now = (json_int_t)clock.tv_sec * 1000 + clock.tv_nsec / 1000000, until = now + HOUR;
        if (deadline && json_integer_value(deadline) < until)
            until = json_integer_value(deadline);
        int known = -1, room = -1;
        for (int i = 0; i < MAX_REMEMBERED; i++) {
            if (remembered[i].id[0] && remembered[i].until < now) {
                free(remembered[i].answer);
                remembered[i].answer = NULL;
                remembered[i].id[0] = '\0';
            }
            if (strcmp(remembered[i].id, id) == 0)
                known = i;
            else if (!remembered[i].id[0])
                room = i;
        }
        if (known < 0 && room >= 0) { /* What cannot be remembered must not run: its repetition would run again. */
            struct outcome outcome = until < now
                    ? (struct outcome){NULL, "refused", "expired", "the deadline is past"} : run(method, request);
            /* Without deadline it comes from a gateway of the AWS sample, which takes each answer for success. */
            int is_silent = !deadline && outcome.code && strcmp(outcome.kind, "refused") == 0;
            known = room;
            strcpy(remembered[known].id, id); /* 47 characters at most, see split */
            remembered[known].until = until;
            remembered[known].answer = is_silent ? NULL : payload(id, outcome);
        }
        int length = snprintf(ack, sizeof ack, "%s/%s/%s/%s/ack", prefix, id, name, method);
        const char *answer = known < 0 ? NULL : remembered[known].answer;
        if (answer && length < (int)sizeof ack)
            mosquitto_publish(client, NULL, ack, (int)strlen(answer), answer, 1, false);
    }
    json_decref(json);
    free(topic);
}

static void on_connect(struct mosquitto *client, void *is_connected, int code) {
    char filter[256];
    snprintf(filter, sizeof filter, "%s/#", name);
    if (code == 0)
        mosquitto_subscribe(client, NULL, filter, 1); /* each time: a clean session starts without subscriptions */
    else
        fprintf(stderr, "connection refused: %s\n", mosquitto_connack_string(code));
    *(int *)is_connected = code == 0;
}

static void on_subscribe(struct mosquitto *client, void *unused, int id, int levels, const int *granted) {
    (void)client, (void)unused, (void)id, (void)levels;
    printf(*granted < 128 ? "%s is ready\n" : "the broker refused the subscription of %s\n", name);
    fflush(stdout);
}

int main(int arguments, char **argument) {
    char *endpoint = getenv("IOT_ENDPOINT"), certificate[4096], key[4096];
    int is_connected = 0, pause = 1;
    if (arguments != 3 || !endpoint || strlen(argument[1]) > 128) {
        fputs("usage: IOT_ENDPOINT=HOST[:PORT] IOT_CA=FILE device NAME DIRECTORY\n", stderr);
        return 2;
    }
    name = argument[1];
    snprintf(certificate, sizeof certificate, "%s/certificate.pem", argument[2]);
    snprintf(key, sizeof key, "%s/private.key", argument[2]);
    char *host = strtok(endpoint, ":"), *port = strtok(NULL, ":");
    srandom((unsigned)time(NULL) ^ (unsigned)getpid() << 16);
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new(name, true, &is_connected);
    int result = client ? mosquitto_tls_set(client, getenv("IOT_CA"), NULL, certificate, key, NULL) : MOSQ_ERR_NOMEM;
    if (result) {
        fprintf(stderr, "no TLS: %s\n", mosquitto_strerror(result));
        return 1;
    }
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    mosquitto_message_callback_set(client, on_message);
    result = mosquitto_connect(client, host, port ? atoi(port) : 8883, 30);
    while (1) {
        while (result == MOSQ_ERR_SUCCESS)
            result = mosquitto_loop(client, 1000, 1);
        fprintf(stderr, "no connection: %s\n", mosquitto_strerror(result));
        pause = is_connected ? 1 : pause < 60 ? 2 * pause : pause;
        is_connected = 0;
        usleep((useconds_t)(pause * (500000 + random() % 500000))); /* half of the pause, and a random part */
        result = mosquitto_reconnect(client);
    }
}
