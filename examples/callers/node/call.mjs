// call.mjs TARGET METHOD REQUEST [KEY]: calls a device, and repeats the call where that is safe.
// REQUEST is a JSON value. KEY names the effect: with a key, a call that may have run can be repeated.
// Exits with 0 when the method ran, 1 when it did not run, 2 for wrong usage, 3 when it may have run, 4 when it ran and
// failed.
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";

const RAN = 0;
const DID_NOT_RUN = 1;
const MAY_HAVE_RUN = 3;
const RAN_AND_FAILED = 4;
const ATTEMPTS = 5;
const aws = new AwsClient({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
  region: process.env.AWS_REGION,
  service: "execute-api",
  retries: 0, // aws4fetch would repeat each 500, 502, 503 and 504, also what may have run
});

/** Makes one call. The status is 0 where no answer came, and undefined where nothing was sent. */
async function send(body, headers) {
  const signal = AbortSignal.timeout(35_000); // API Gateway gives up after 29 s
  try {
    const answer = await aws.fetch(process.env.API_ENDPOINT, { method: "POST", headers, body, signal });
    return { status: answer.status, retryAfter: answer.headers.get("retry-after"), text: await answer.text() };
  } catch (failed) {
    const isSent = failed.cause?.code !== "ECONNREFUSED" && failed.cause?.code !== "ENOTFOUND";
    return { status: isSent ? 0 : undefined, text: String(failed.cause ?? failed) };
  }
}

/** Calls until the outcome is known, or a repetition would not be safe. Returns the outcome and the last body. */
async function call(target, method, request, key) {
  const body = JSON.stringify({ target, method, request, timeout: 5 });
  const headers = { "content-type": "application/json", ...(key && { "idempotency-key": key }) };
  let mayHaveRun = false;
  let text;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await send(body, headers);
    text = answer.text;
    if (answer.status === 200) {
      return { outcome: RAN, text };
    }
    if (answer.status === 502 && text.includes('"result":"device_error"')) {
      return { outcome: RAN_AND_FAILED, text };
    }
    if ([400, 403, 409, 413].includes(answer.status)) {
      break; // the same call has the same end
    }
    mayHaveRun ||= ![undefined, 429, 503].includes(answer.status);
    if (mayHaveRun && !key) {
      break;
    }
    if (attempt < ATTEMPTS) {
      await sleep(1000 * Number(answer.retryAfter ?? 1) * attempt * (1 + Math.random() / 2));
    }
  }
  // What a repetition says of itself, it does not say of the first attempt.
  return { outcome: mayHaveRun ? MAY_HAVE_RUN : DID_NOT_RUN, text };
}

const [target, method, request, key, ...more] = process.argv.slice(2);
if (request === undefined || more.length > 0) {
  console.error("usage: call.mjs TARGET METHOD REQUEST [KEY]");
  process.exit(2);
}
const { outcome, text } = await call(target, method, JSON.parse(request), key);
console.log(text);
process.exitCode = outcome;
