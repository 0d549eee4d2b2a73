// A device of Roundtrip on mqtt 5.16 of npm. The README says how it works.
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

const [name, identity] = process.argv.slice(2); // the name of the thing, and the directory with its certificate and key
const [host, port = "8883"] = process.env.IOT_ENDPOINT.split(":");
const TOPIC = /^([^/]+)\/([a-zA-Z0-9:._-]{1,64})\/([^/]+)\/((?:\.[a-z2-7]{9}\/)?[0-9a-f-]{36})$/;
const MAX_BYTES = 128 * 1024 - 64; // of an answer without its id
const MAX_REMEMBERED = 1000;
const HOUR = 3_600_000;
const utf8 = new TextDecoder("utf-8", { fatal: true });
const remembered = new Map(); // id: { until, outcome }; outcome is a promise
let counter = 0;

// How a method ends without a response.
const refused = (code, message) => ({ refused: { code, message } }); // it did not run
const error = (code, message) => ({ error: { code, message } }); // it failed

const METHODS = new Map([
  ["echo", async (value) => ({ response: value })],
  ["count", async () => ({ response: ++counter })],
  ["div", async (value) => {
    if (!Array.isArray(value) || value.length !== 2 || !value.every((number) => typeof number === "number")) {
      return refused("invalid_request", "div takes an array of two numbers");
    }
    return value[1] === 0 ? error("division_by_zero", "the second number is 0") : { response: value[0] / value[1] };
  }],
]);

async function run(method, request, isLate) {
  if (isLate) {
    return refused("expired", "the deadline is past");
  }
  if (!METHODS.has(method)) {
    return refused("unknown_method", "this device does not have the method");
  }
  try {
    const outcome = await METHODS.get(method)(request);
    return Buffer.byteLength(JSON.stringify(outcome)) > MAX_BYTES ? error("too_large", "over 128 KB") : outcome;
  } catch {
    return error("internal", "the method is broken");
  }
}

function parse(payload) {
  try {
    return JSON.parse(utf8.decode(payload)) ?? {};
  } catch {
    return {};
  }
}

/** Answers one message, once for each id. What is no request is dropped. */
async function handle(topic, payload) {
  const [, target, method, prefix, topicId] = TOPIC.exec(topic) ?? [];
  const { id, request, deadline } = parse(payload);
  const isRequest = target === name && id === topicId && request !== undefined;
  if (!isRequest || !(deadline === undefined || Number.isSafeInteger(deadline))) {
    return;
  }
  const now = Date.now();
  remembered.forEach(({ until }, past) => until < now && remembered.delete(past));
  if (!remembered.has(id) && remembered.size < MAX_REMEMBERED) {
    const until = Math.min(deadline ?? Infinity, now + HOUR);
    remembered.set(id, { until, outcome: run(method, request, deadline < now) });
  }
  // Without room it is silent: what cannot be remembered must not run, because its repetition would run again.
  const outcome = await remembered.get(id)?.outcome;
  // A gateway of the AWS sample sends no deadline, and takes refusals for success.
  if (outcome && !(outcome.refused && deadline === undefined)) {
    client.publish(`${prefix}/${id}/${name}/${method}/ack`, JSON.stringify({ id, ...outcome }), { qos: 1 }, () => {});
  }
}

const client = mqtt.connect({
  protocol: "mqtts",
  host,
  port: Number(port),
  clientId: name,
  clean: true,
  resubscribe: false,
  keepalive: 30,
  reconnectPeriod: 1000,
  ca: readFileSync(process.env.IOT_CA),
  cert: readFileSync(`${identity}/certificate.pem`),
  key: readFileSync(`${identity}/private.key`),
});
client.on("connect", () => {
  client.options.reconnectPeriod = 1000 * (1 + Math.random());
  client.subscribe(`${name}/#`, { qos: 1 }, (refusal) => { // each time: a clean session starts without subscriptions
    console.log(refusal ? "the broker refused the subscription" : `${name} is ready`);
  });
});
client.on("close", () => { // The next pause is longer, and has a random part.
  client.options.reconnectPeriod = Math.min(60_000, client.options.reconnectPeriod * 2) * (0.75 + Math.random() / 2);
});
client.on("error", (refusal) => console.error(`no connection: ${refusal.message}`));
client.on("message", handle);
