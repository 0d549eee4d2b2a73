/* A device of Roundtrip on libmosquitto 2.0 and jansson 2.14. The README says how it works. */
#include <jansson.h>
#include <mosquitto.h>
#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TOPIC "^([^/]+)/([a-zA-Z0-9:._-]{1,64})/([^/]+)/(([.][a-z2-7]{9}/)?[0-9a-f-]{36})$"
#define NO_DEADLINE INT64_MAX
enum { MAX_BYTES = 128 * 1024, MAX_REMEMBERED = 256, HOUR = 3600 * 1000 };

static struct call { char id[48]; json_int_t until; char *answer; } remembered[MAX_REMEMBERED];
static regex_t topic_form;
static const char *name;
static int pause_seconds = 1; /* before the next attempt to connect */

/* How a method ends without a response. The kind is "refused" (it did not run) or "error" (it failed). */
static json_t *ended(const char *kind, const char *code, const char *message) {
    return json_pack("{s{ss ss}}", kind, "code", code, "message", message);
}

static json_t *echo(json_t *request) {
    return json_pack("{sO}", "response", request);
}

static json_t *count(json_t *request) {
    static int counter = 0;
    (void)request;
    return json_pack("{si}", "response", ++counter);
}

static json_t *divide(json_t *request) {
    const json_t *a = json_array_get(request, 0), *b = json_array_get(request, 1);
    if (json_array_size(request) != 2 || !json_is_number(a) || !json_is_number(b))
        return ended("refused", "invalid_request", "div takes an array of two numbers");
    if (json_number_value(b) == 0)
        return ended("error", "division_by_zero", "the second number is 0");
    return json_pack("{sf}", "response", json_number_value(a) / json_number_value(b));
}

static const struct { const char *name; json_t *(*run)(json_t *); } METHODS[] = {
    {"echo", echo}, {"count", count}, {"div", divide}};

static json_t *run(const char *method, json_t *request) {
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (strcmp(METHODS[i].name, method) == 0) {
            json_t *outcome = METHODS[i].run(request);
            return outcome ? outcome : ended("error", "internal", "the method has no response");
        }
    return ended("refused", "unknown_method", "this device does not have the method");
}

/* The answer's payload, to be freed. Takes the outcome. NULL where the memory of the machine is used up. */
static char *payload(const char *id, json_t *outcome) {
    json_object_set_new(outcome, "id", json_string(id));
    char *text = json_dumps(outcome, JSON_COMPACT);
    json_decref(outcome);
    if (!text || strlen(text) <= MAX_BYTES)
        return text;
    free(text);
    return payload(id, ended("error", "too_large", "the answer is over 128 KB"));
}

/* The call with this id, which runs when the id is new. NULL where the id cannot be remembered: it must not run then,
 * because its repetition would run again. */
static const struct call *find(const char *id, const char *method, json_t *request, json_int_t deadline) {
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    json_int_t now = (json_int_t)clock.tv_sec * 1000 + clock.tv_nsec / 1000000;
    struct call *room = NULL;
    for (struct call *call = remembered; call < remembered + MAX_REMEMBERED; call++) {
        if (call->until < now)
            room = call;
        else if (strcmp(call->id, id) == 0)
            return call;
    }
    if (room) {
        json_t *outcome = deadline < now ? ended("refused", "expired", "the deadline is past") : run(method, request);
        free(room->answer);
        strcpy(room->id, id); /* 47 characters at most, see TOPIC */
        room->until = deadline < now + HOUR ? deadline : now + HOUR;
        /* A gateway of the AWS sample sends no deadline, and takes refusals for success: it gets no answer. */
        if (deadline == NO_DEADLINE && json_object_get(outcome, "refused"))
            room->answer = NULL, json_decref(outcome);
        else
            room->answer = payload(id, outcome);
    }
    return room;
}

/* Answers one message. What is no request is dropped. */
static void on_message(struct mosquitto *client, void *unused, const struct mosquitto_message *message) {
    (void)unused;
    regmatch_t level[5];
    json_t *json = json_loadb(message->payload, (size_t)message->payloadlen, JSON_ALLOW_NUL, NULL), *request;
    json_int_t deadline = NO_DEADLINE;
    const char *given;
    char *topic = strdup(message->topic), ack[512];
    if (topic && regexec(&topic_form, topic, 5, level, 0) == 0
            && json_unpack(json, "{s:s, s:o, s?I}", "id", &given, "request", &request, "deadline", &deadline) == 0) {
        for (int i = 1; i < 4; i++)
            topic[level[i].rm_eo] = '\0';
        const char *method = topic + level[2].rm_so, *prefix = topic + level[3].rm_so, *id = topic + level[4].rm_so;
        int is_ours = strcmp(topic, name) == 0 && strcmp(given, id) == 0;
        const struct call *call = is_ours ? find(id, method, request, deadline) : NULL;
        int length = snprintf(ack, sizeof ack, "%s/%s/%s/%s/ack", prefix, id, name, method);
        if (call && call->answer && length < (int)sizeof ack)
            mosquitto_publish(client, NULL, ack, (int)strlen(call->answer), call->answer, 1, false);
    }
    json_decref(json);
    free(topic);
}

static void on_connect(struct mosquitto *client, void *unused, int code) {
    (void)unused;
    char filter[256];
    snprintf(filter, sizeof filter, "%s/#", name);
    if (code == 0) {
        pause_seconds = 1;
        mosquitto_subscribe(client, NULL, filter, 1); /* each time: a clean session starts without subscriptions */
    }
}

static void on_subscribe(struct mosquitto *client, void *unused, int id, int levels, const int *granted) {
    (void)client, (void)unused, (void)id, (void)levels;
    printf(*granted < 128 ? "%s is ready\n" : "the broker refused the subscription of %s\n", name);
    fflush(stdout);
}

int main(int arguments, char **argument) {
    char *endpoint = getenv("IOT_ENDPOINT"), certificate[4096], key[4096];
    if (arguments != 3 || !endpoint || strlen(argument[1]) > 128) {
        fputs("usage: IOT_ENDPOINT=HOST[:PORT] IOT_CA=FILE device NAME DIRECTORY\n", stderr);
        return 2;
    }
    name = argument[1];
    snprintf(certificate, sizeof certificate, "%s/certificate.pem", argument[2]);
    snprintf(key, sizeof key, "%s/private.key", argument[2]);
    char *host = strtok(endpoint, ":"), *port = strtok(NULL, ":");
    srandom((unsigned)time(NULL) ^ (unsigned)getpid() << 16);
    regcomp(&topic_form, TOPIC, REG_EXTENDED);
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new(name, true, NULL);
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
        usleep((useconds_t)(pause_seconds * (500000 + random() % 500000))); /* half of it, and a random part */
        pause_seconds = pause_seconds < 60 ? 2 * pause_seconds : pause_seconds;
        result = mosquitto_reconnect(client);
    }
}
