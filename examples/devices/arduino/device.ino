// A device of Roundtrip for an ESP32, with PubSubClient 2.8 and ArduinoJson 7.
// NEVER COMPILED NOR RUN: see the README, which also has its limits and what belongs into secrets.h.
#include <ArduinoJson.h>
#include <PubSubClient.h>
#include <WiFi.h>
#include <WiFiClientSecure.h>
#include <sys/time.h>
#include "secrets.h"

const int MAX_REMEMBERED = 32, ID_SIZE = 48, ANSWER_SIZE = 512, TOPIC_SIZE = 300;
const int64_t HOUR = 3600 * 1000, SOME_TIME_IN_2024 = 1704067200000;

struct Remembered { char id[ID_SIZE]; int64_t until; char answer[ANSWER_SIZE]; };  // free where id is ""
Remembered remembered[MAX_REMEMBERED];
WiFiClientSecure tls;
PubSubClient client(tls);
long counter = 0;
unsigned long reconnectPause = 1000;  // milliseconds

int64_t now() {
  struct timeval time;
  gettimeofday(&time, nullptr);
  return (int64_t)time.tv_sec * 1000 + time.tv_usec / 1000;
}

void end(JsonDocument &answer, const char *kind, const char *code, const char *message) {
  answer[kind]["code"] = code;
  answer[kind]["message"] = message;
}

// Runs a method. Puts "response", "refused" (it did not run) or "error" (it failed) into the answer.
void run(const String &method, JsonVariantConst request, JsonDocument &answer) {
  if (method == "echo") {
    answer["response"] = request;
  } else if (method == "count") {
    answer["response"] = ++counter;
  } else if (method != "div") {
    end(answer, "refused", "unknown_method", "this device does not have the method");
  } else if (request.size() != 2 || !request[0].is<double>() || !request[1].is<double>()) {
    end(answer, "refused", "invalid_request", "div takes an array of two numbers");
  } else if (request[1].as<double>() == 0) {
    end(answer, "error", "division_by_zero", "the second number is 0");
  } else {
    answer["response"] = request[0].as<double>() / request[1].as<double>();
  }
}

// Whether an id is a UUID, or an instance and a UUID.
bool isId(const String &id) {
  bool hasInstance = id.startsWith(".") && id.indexOf('/') == 10;
  for (int i = 1; hasInstance && i < 10; i++) {
    hasInstance = islower(id[i]) || (id[i] >= '2' && id[i] <= '7');
  }
  return id.length() == (hasInstance ? 47 : 36) && id.indexOf('/', hasInstance ? 11 : 0) < 0;
}

// Answers one message, once for each id. What is not a request is dropped.
void onMessage(char *topicText, byte *payload, unsigned int length) {
  String topic(topicText);  // a copy: PubSubClient sends from the buffer that it received into
  int a = topic.indexOf('/'), b = topic.indexOf('/', a + 1), c = topic.indexOf('/', b + 1);
  JsonDocument request, answer;
  if (a < 0 || b < 0 || c < 0 || deserializeJson(request, payload, length)) return;
  String method = topic.substring(a + 1, b), prefix = topic.substring(b + 1, c), id = topic.substring(c + 1);
  JsonVariantConst deadline = request["deadline"], value = request["request"];
  bool hasDeadline = !deadline.isUnbound();
  if (topic.substring(0, a) != NAME || method.isEmpty() || prefix.isEmpty() || !isId(id)
      || request["id"].as<String>() != id || value.isUnbound() || (hasDeadline && !deadline.is<int64_t>())) return;
  int64_t until = now() + HOUR;
  if (until < SOME_TIME_IN_2024 + HOUR) return;  // the clock is not set yet
  bool isLate = hasDeadline && deadline.as<int64_t>() < now();
  if (hasDeadline && deadline.as<int64_t>() < until) until = deadline.as<int64_t>();
  Remembered *known = nullptr, *room = nullptr;
  for (Remembered &one : remembered) {
    if (one.id[0] && one.until < now()) one.id[0] = 0;
    if (id == one.id) known = &one;
    else if (!one.id[0]) room = &one;
  }
  if (!known && !room) return;  // what cannot be remembered must not run: its repetition would run again
  if (!known) {
    known = room;
    strlcpy(known->id, id.c_str(), ID_SIZE);
    known->until = until;
    answer["id"] = id;
    if (isLate) end(answer, "refused", "expired", "the deadline is past");
    else run(method, value, answer);
    if (measureJson(answer) >= ANSWER_SIZE) {
      answer.clear();
      answer["id"] = id;
      end(answer, "error", "too_large", "the answer is too large");
    }
    // A request without deadline comes from a gateway of the AWS sample, which takes each answer for success.
    bool isSilent = !hasDeadline && !answer["refused"].isNull();
    known->answer[0] = 0;
    if (!isSilent) serializeJson(answer, known->answer, ANSWER_SIZE);
  }
  if (known->answer[0]) {
    client.publish((prefix + "/" + id + "/" + NAME + "/" + method + "/ack").c_str(), known->answer);
  }
}

void setup() {
  Serial.begin(115200);
  WiFi.begin(WIFI, WIFI_PASSWORD);  // connects again by itself
  configTime(0, 0, "pool.ntp.org");
  tls.setCACert(CA);
  tls.setCertificate(CERTIFICATE);
  tls.setPrivateKey(KEY);
  client.setServer(HOST, PORT);
  client.setBufferSize(4096 + TOPIC_SIZE);
  client.setKeepAlive(30);
  client.setCallback(onMessage);
}

void loop() {
  if (client.connected()) {
    client.loop();
    return;
  }
  // A clean session starts without subscriptions. The last 1 is the QoS.
  if (WiFi.status() == WL_CONNECTED && client.connect(NAME) && client.subscribe((String(NAME) + "/#").c_str(), 1)) {
    Serial.println("ready");
    reconnectPause = 1000;
    return;
  }
  client.disconnect();
  delay(reconnectPause / 2 + random(reconnectPause));  // random() of the ESP32 is the hardware's
  reconnectPause = min(reconnectPause * 2, 60000UL);
}
