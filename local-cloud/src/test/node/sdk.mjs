// Plays app and device with AWS's unmodified SDKs for JavaScript. Arguments: MQTT version (5 or 3), thing, HOST:PORT for
// devices, and the files of authority, certificate and key. The app's key and endpoints are in the environment.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import {
    CreateJobCommand, CreateThingCommand, DescribeEndpointCommand, DescribeJobCommand, DescribeThingCommand, IoTClient,
    ListThingsCommand,
} from '@aws-sdk/client-iot';
import { GetThingShadowCommand, IoTDataPlaneClient, UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane';
import sdk from 'aws-iot-device-sdk-v2';
import { connect, endAfterAMinute } from './connection.mjs';

endAfterAMinute();
const [version, thing, endpoint, authority, certificate, key] = process.argv.slice(2);
const control = new IoTClient({});
const data = new IoTDataPlaneClient({});

async function desire(level) {
    await data.send(new UpdateThingShadowCommand({
        thingName: thing,
        payload: Buffer.from(JSON.stringify({ state: { desired: { level } } })),
    }));
}

async function read() {
    const { payload } = await data.send(new GetThingShadowCommand({ thingName: thing }));
    return JSON.parse(Buffer.from(payload).toString()).state;
}

// The registry.
await control.send(new CreateThingCommand({ thingName: `${thing}-lamp`, attributePayload: { attributes: { of: 'npm' } } }));
const lamp = await control.send(new DescribeThingCommand({ thingName: `${thing}-lamp` }));
assert.equal(lamp.attributes.of, 'npm');
const { things } = await control.send(new ListThingsCommand({}));
assert.ok(things.some((one) => one.thingName === thing));
const { endpointAddress } = await control.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }));
assert.ok(endpointAddress.length > 0);

// Its shadow: what the device finds, hears and reports.
await desire(1);
const device = await connect({
    version,
    clientId: thing,
    endpoint,
    authority: readFileSync(authority, 'utf8'),
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
});
const shadow = device.service(sdk.iotshadow.IotShadowClientv2);
const jobs = device.service(sdk.iotjobs.IotJobsClientv2);
const found = await shadow.getShadow({ thingName: thing });
assert.equal(found.state.delta.level, 1);
const deltas = shadow.createShadowDeltaUpdatedStream({ thingName: thing });
const listening = new Promise((resolve) => deltas.on('subscriptionStatus', resolve));
const heard = new Promise((resolve) => deltas.on('incomingPublish', resolve));
deltas.open();
await listening;
await desire(2);
assert.equal((await heard).message.state.level, 2);
await shadow.updateShadow({ thingName: thing, state: { reported: { level: 2 } } });
assert.deepEqual(await read(), { desired: { level: 2 }, reported: { level: 2 } });
deltas.close();

// A job.
const { thingArn } = await control.send(new DescribeThingCommand({ thingName: thing }));
const jobId = `clean-${version}`;
await control.send(new CreateJobCommand({ jobId, targets: [thingArn], document: '{"do":"clean"}' }));
const { execution } = await jobs.startNextPendingJobExecution({ thingName: thing });
assert.equal(execution.jobDocument.do, 'clean');
await jobs.updateJobExecution({ thingName: thing, jobId, status: 'SUCCEEDED' });
const { job } = await control.send(new DescribeJobCommand({ jobId }));
assert.equal(job.status, 'COMPLETED');

shadow.close();
jobs.close();
await device.end();
console.log('all as on AWS');
// The Common Runtime's threads may outlive the connection.
process.exit(0);
