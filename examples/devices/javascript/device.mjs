// A device of Roundtrip on mqtt 5.16 of npm. The methods come first; the rest keeps the contract.
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

const [name, identity] = process.argv.slice(2); // the name of the thing, and the directory with its certificate and key
const [host, port = "8883"] = process.env.IOT_ENDPOINT.split(":");
const TOPIC = /^([^/]+)\/([a-zA-Z0-9:._-]{1,64})\/([^/]+)\/((?:\.[a-z2-7]{9}\/)?[0-9a-f-]{36})$/;
const MAX_BYTES = 128 * 1024;
const MAX_REMEMBERED = 1000;
const HOUR = 3_600_000;
const utf8 = new TextDecoder("utf-8", { fatal: true });
const remembered = new Map(); // id: {until, answer}; answer is a promise, of undefined where the device stays silent
let counter = 0;

/** A method that has no response. Its kind: "refused" (it did not run) or "error" (it failed). */
class Ended extends Error {
  constructor(kind, code, message) {
    super(message);
    Object.assign(this, { kind, code });
  }
}

const METHODS = new Map([
  ["echo", async (value) => value],
  ["count", async () => ++counter],
  ["div", async (value) => {
    if (!Array.isArray(value) || value.length !== 2 || !value.every((number) => typeof number === "number")) {
      throw new Ended("refused", "invalid_request", "div takes an array of two numbers");
    }
    if (value[1] === 0) {
      throw new Ended("error", "division_by_zero", "the second number is 0");
    }
    return value[0] / value[1];
  }],
]);

/** Answers one message, once for each id. What is not a request is dropped. */
async function handle(topic, payload) {
  const [, target, method, prefix, topicId] = TOPIC.exec(topic) ?? [];
  const { id, request, deadline } = parse(payload) ?? {};
  const isDeadline = deadline === undefined || Number.isSafeInteger(deadline);
  if (target !== name || id !== topicId || request === undefined || !isDeadline) {
    return;
  }
  const now = Date.now();
  for (const [past, { until }] of remembered) {
    if (until < now) {
      remembered.delete(past);
    }
  }
  if (!remembered.has(id)) {
    if (remembered.size >= MAX_REMEMBERED) {
      return; // A request that cannot be remembered must not run: its repetition would run again.
    }
    const until = Math.min(deadline ?? Infinity, now + HOUR);
    remembered.set(id, { until, answer: answer(id, method, request, deadline, deadline < now) });
  }
  const text = await remembered.get(id).answer;
  if (text !== undefined) {
    client.publish(`${prefix}/${id}/${name}/${method}/ack`, text, { qos: 1 }, () => {});
  }
}

function parse(payload) {
  try {
    return JSON.parse(utf8.decode(payload));
  } catch {
    return undefined;
  }
}

/** Runs a method. Returns the payload of the answer, or undefined where the device must stay silent. */
async function answer(id, method, request, deadline, isLate) {
  try {
    if (isLate) {
      throw new Ended("refused", "expired", "the deadline is past");
    }
    if (!METHODS.has(method)) {
      throw new Ended("refused", "unknown_method", "this device does not have the method");
    }
    const text = JSON.stringify({ id, response: (await METHODS.get(method)(request)) ?? null });
    if (Buffer.byteLength(text) > MAX_BYTES) {
      throw new Ended("error", "too_large", "the answer is over 128 KB");
    }
    return text;
  } catch (thrown) {
    const { kind = "error", code = "internal", message } = thrown instanceof Ended ? thrown : {};
    // A request without deadline comes from a gateway of the AWS sample, which takes each answer for success.
    const isSilent = kind === "refused" && deadline === undefined;
    return isSilent ? undefined : JSON.stringify({ id, [kind]: { code, message: message ?? "the method is broken" } });
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
  client.subscribe(`${name}/#`, { qos: 1 }, (refused) => { // each time: a clean session starts without subscriptions
    console.log(refused ? "the broker refused the subscription" : `${name} is ready`);
  });
});
client.on("close", () => { // The next pause is longer, and has a random part.
  client.options.reconnectPeriod = Math.min(60_000, client.options.reconnectPeriod * 2) * (0.75 + Math.random() / 2);
});
client.on("error", (refused) => console.error(`no connection: ${refused.message}`));
client.on("message", handle);
