// Has a device provisioned by a claim, and sends it a command, with AWS's unmodified SDKs for JavaScript. The device SDK
// has no client for commands: the device speaks on their topics. Arguments: MQTT version (5 or 3), HOST:PORT for
// devices, and the file of the authority. The app's key and endpoints are in the environment.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import {
    CreateCommandCommand, CreateProvisioningClaimCommand, CreateProvisioningTemplateCommand, DescribeCertificateCommand,
    GetCommandExecutionCommand, IoTClient, ListThingPrincipalsCommand,
} from '@aws-sdk/client-iot';
import { IoTJobsDataPlaneClient, StartCommandExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane';
import sdk from 'aws-iot-device-sdk-v2';
import { connect, endAfterAMinute } from './connection.mjs';

endAfterAMinute();
const [version, endpoint, authorityFile] = process.argv.slice(2);
const authority = readFileSync(authorityFile, 'utf8');
const control = new IoTClient({});
const jobs = new IoTJobsDataPlaneClient({});
const templateName = `fleet-${version}`;
const commandId = `open-${version}`;

const own = '${iot:Connection.Thing.ThingName}';
const policy = {
    Version: '2012-10-17',
    Statement: [
        { Effect: 'Allow', Action: 'iot:Connect', Resource: `arn:aws:iot:*:*:client/${own}` },
        {
            Effect: 'Allow',
            Action: ['iot:Publish', 'iot:Receive'],
            Resource: `arn:aws:iot:*:*:topic/$aws/commands/things/${own}/executions/*`,
        },
        {
            Effect: 'Allow',
            Action: 'iot:Subscribe',
            Resource: `arn:aws:iot:*:*:topicfilter/$aws/commands/things/${own}/executions/*`,
        },
    ],
};
const template = {
    Parameters: { SerialNumber: { Type: 'String' } },
    Resources: {
        thing: {
            Type: 'AWS::IoT::Thing',
            Properties: { ThingName: { 'Fn::Join': ['', [`valve-${version}-`, { Ref: 'SerialNumber' }]] } },
        },
        certificate: {
            Type: 'AWS::IoT::Certificate',
            Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'Active' },
        },
        policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: JSON.stringify(policy) } },
    },
    DeviceConfiguration: { Color: 'red' },
};

// Provisioning by a claim.
const { templateArn } = await control.send(new CreateProvisioningTemplateCommand({
    templateName,
    templateBody: JSON.stringify(template),
    provisioningRoleArn: 'arn:aws:iam::000000000000:role/fleet',
    enabled: true,
}));
const claim = await control.send(new CreateProvisioningClaimCommand({ templateName }));
const claimant = await connect({
    version,
    clientId: `claimant-${version}`,
    endpoint,
    authority,
    certificate: claim.certificatePem,
    key: claim.keyPair.PrivateKey,
});
const identity = claimant.service(sdk.iotidentity.IotIdentityClientv2);
const made = await identity.createKeysAndCertificate({});
await assert.rejects(
    identity.registerThing({ templateName, certificateOwnershipToken: 'forged', parameters: { SerialNumber: '7' } }),
    (refused) => refused.modeledError.errorCode === 'InvalidCertificateOwnershipToken');
const registered = await identity.registerThing({
    templateName,
    certificateOwnershipToken: made.certificateOwnershipToken,
    parameters: { SerialNumber: '7' },
});
assert.equal(registered.thingName, `valve-${version}-7`);
assert.deepEqual(registered.deviceConfiguration, { Color: 'red' });
identity.close();
await claimant.end();
const thing = registered.thingName;
const { certificateDescription } = await control.send(
    new DescribeCertificateCommand({ certificateId: made.certificateId }));
assert.equal(certificateDescription.status, 'ACTIVE');
const { principals } = await control.send(new ListThingPrincipalsCommand({ thingName: thing }));
assert.deepEqual(principals, [certificateDescription.certificateArn]);

// A command, taken by the device as itself.
const device = await connect({
    version, clientId: thing, endpoint, authority, certificate: made.certificatePem, key: made.privateKey,
});
const executions = `$aws/commands/things/${thing}/executions`;
const told = [];
const finished = new Promise((resolve, reject) => {
    const reports = [
        { status: 'IN_PROGRESS', statusReason: { reasonCode: 'OPENING' } },
        { status: 'SUCCEEDED', result: { angle: { s: '90' } } },
    ];
    device.listen([`${executions}/+/request/json`, `${executions}/+/response/+/json`], (message) => {
        told.push(message);
        if (message.topic.includes('/response/rejected')) {
            reject(new Error(message.text));
            return;
        }
        const next = reports.shift();
        if (next === undefined) {
            resolve();
        } else {
            device.publish(`${executions}/${message.topic.split('/')[5]}/response/json`, JSON.stringify(next))
                .catch(reject);
        }
    }).then(start).catch(reject);
});
let executionId;

async function start() {
    const { commandArn } = await control.send(new CreateCommandCommand({
        commandId,
        payload: { content: Buffer.from('{"open":true}'), contentType: 'application/json' },
    }));
    ({ executionId } = await jobs.send(new StartCommandExecutionCommand({
        commandArn,
        targetArn: templateArn.replace(/provisioningtemplate\/.*/, `thing/${thing}`),
        executionTimeoutSeconds: 30,
    })));
}

await finished;
const [request, ...answers] = told;
assert.equal(request.topic, `${executions}/${executionId}/request/json`);
assert.deepEqual(JSON.parse(request.text), { open: true });
if (version === '5') {
    assert.equal(request.contentType, 'application/json');
    assert.ok(request.expiry > 0 && request.expiry <= 30);
}
assert.deepEqual(answers.map((answer) => JSON.parse(answer.text).executionId), [executionId, executionId]);
const execution = await control.send(new GetCommandExecutionCommand({
    executionId,
    targetArn: templateArn.replace(/provisioningtemplate\/.*/, `thing/${thing}`),
    includeResult: true,
}));
assert.equal(execution.status, 'SUCCEEDED');
assert.equal(execution.result.angle.S, '90');
assert.ok(execution.startedAt instanceof Date && execution.completedAt instanceof Date);

await device.end();
console.log('all as on AWS');
// The Common Runtime's threads may outlive the connection.
process.exit(0);
