// Plays app and device with AWS's unmodified SDKs for JavaScript. Arguments: MQTT version (5 or 3), thing, HOST:PORT for
// devices, and the files of authority, certificate and key. The app's key and endpoints are in the environment.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import {
    CreateJobCommand, CreateThingCommand, DescribeEndpointCommand, DescribeJobCommand, DescribeThingCommand, IoTClient,
    ListThingsCommand,
} from '@aws-sdk/client-iot';
import { GetThingShadowCommand, IoTDataPlaneClient, UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane';
import sdk from 'aws-iot-device-sdk-v2';

setTimeout(() => {
    console.error('took longer than a minute');
    process.exit(2);
}, 60_000).unref();

const [version, thing, endpoint, authority, certificate, key] = process.argv.slice(2);
const colon = endpoint.lastIndexOf(':');
const host = endpoint.slice(0, colon);
const port = Number(endpoint.slice(colon + 1));
const options = { maxRequestResponseSubscriptions: 8, maxStreamingSubscriptions: 8, operationTimeoutInSeconds: 20 };
const control = new IoTClient({});
const data = new IoTDataPlaneClient({});

async function connected() {
    if (version === '5') {
        const config = sdk.iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath(host, certificate, key)
            .withCertificateAuthorityFromPath(undefined, authority)
            .withPort(port)
            .withConnectProperties({ clientId: thing, keepAliveIntervalSeconds: 60 })
            .build();
        const client = new sdk.mqtt5.Mqtt5Client(config);
        const up = once(client, 'connectionSuccess');
        client.start();
        await up;
        return {
            shadow: sdk.iotshadow.IotShadowClientv2.newFromMqtt5(client, options),
            jobs: sdk.iotjobs.IotJobsClientv2.newFromMqtt5(client, options),
            async end() {
                const stopped = once(client, 'stopped');
                client.stop();
                await stopped;
                client.close();
            },
        };
    }
    const config = sdk.iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder_from_path(certificate, key)
        .with_certificate_authority_from_path(undefined, authority)
        .with_endpoint(host)
        .with_port(port)
        .with_client_id(thing)
        .with_clean_session(true)
        .build();
    const connection = new sdk.mqtt.MqttClient().new_connection(config);
    await connection.connect();
    return {
        shadow: sdk.iotshadow.IotShadowClientv2.newFromMqtt311(connection, options),
        jobs: sdk.iotjobs.IotJobsClientv2.newFromMqtt311(connection, options),
        end: () => connection.disconnect(),
    };
}

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
const device = await connected();
const found = await device.shadow.getShadow({ thingName: thing });
assert.equal(found.state.delta.level, 1);
const deltas = device.shadow.createShadowDeltaUpdatedStream({ thingName: thing });
const listening = new Promise((resolve) => deltas.on('subscriptionStatus', resolve));
const heard = new Promise((resolve) => deltas.on('incomingPublish', resolve));
deltas.open();
await listening;
await desire(2);
assert.equal((await heard).message.state.level, 2);
await device.shadow.updateShadow({ thingName: thing, state: { reported: { level: 2 } } });
assert.deepEqual(await read(), { desired: { level: 2 }, reported: { level: 2 } });
deltas.close();

// A job.
const { thingArn } = await control.send(new DescribeThingCommand({ thingName: thing }));
const jobId = `clean-${version}`;
await control.send(new CreateJobCommand({ jobId, targets: [thingArn], document: '{"do":"clean"}' }));
const { execution } = await device.jobs.startNextPendingJobExecution({ thingName: thing });
assert.equal(execution.jobDocument.do, 'clean');
await device.jobs.updateJobExecution({ thingName: thing, jobId, status: 'SUCCEEDED' });
const { job } = await control.send(new DescribeJobCommand({ jobId }));
assert.equal(job.status, 'COMPLETED');

device.shadow.close();
device.jobs.close();
await device.end();
console.log('all as on AWS');
// The Common Runtime's threads may outlive the connection.
process.exit(0);
