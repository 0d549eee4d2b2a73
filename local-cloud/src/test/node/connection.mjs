// A connection of AWS's unmodified device SDK for JavaScript, over MQTT 5 or 3.1.1.
import { once } from 'node:events';
import sdk from 'aws-iot-device-sdk-v2';

const OPTIONS = { maxRequestResponseSubscriptions: 8, maxStreamingSubscriptions: 8, operationTimeoutInSeconds: 20 };

// Ends a program that hangs; the build would wait for it.
export function endAfterAMinute() {
    setTimeout(() => {
        console.error('took longer than a minute');
        process.exit(2);
    }, 60_000).unref();
}

// version: 5 or 3. endpoint: HOST:PORT. authority, certificate, key: PEM.
export async function connect({ version, clientId, endpoint, authority, certificate, key }) {
    const colon = endpoint.lastIndexOf(':');
    const host = endpoint.slice(0, colon);
    const port = Number(endpoint.slice(colon + 1));
    return version === '5'
        ? connect5({ clientId, host, port, authority, certificate, key })
        : connect311({ clientId, host, port, authority, certificate, key });
}

async function connect5({ clientId, host, port, authority, certificate, key }) {
    const config = sdk.iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromMemory(host, certificate, key)
        .withCertificateAuthority(authority)
        .withPort(port)
        .withConnectProperties({ clientId, keepAliveIntervalSeconds: 60 })
        .build();
    const client = new sdk.mqtt5.Mqtt5Client(config);
    const up = once(client, 'connectionSuccess');
    client.start();
    await up;
    return {
        // A client of a service, such as IotJobsClientv2.
        service: (type) => type.newFromMqtt5(client, OPTIONS),
        // onMessage gets topic, text and, with MQTT 5 alone, contentType and expiry.
        async listen(filters, onMessage) {
            client.on('messageReceived', ({ message }) => onMessage({
                topic: message.topicName,
                text: Buffer.from(message.payload).toString(),
                contentType: message.contentType,
                expiry: message.messageExpiryIntervalSeconds,
            }));
            await client.subscribe({ subscriptions: filters.map((topicFilter) => ({ topicFilter, qos: 1 })) });
        },
        publish: (topicName, payload) => client.publish({ topicName, payload, qos: 1 }),
        async end() {
            const stopped = once(client, 'stopped');
            client.stop();
            await stopped;
            client.close();
        },
    };
}

async function connect311({ clientId, host, port, authority, certificate, key }) {
    const config = sdk.iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(certificate, key)
        .with_certificate_authority(authority)
        .with_endpoint(host)
        .with_port(port)
        .with_client_id(clientId)
        .with_clean_session(true)
        .build();
    const connection = new sdk.mqtt.MqttClient().new_connection(config);
    await connection.connect();
    return {
        service: (type) => type.newFromMqtt311(connection, OPTIONS),
        async listen(filters, onMessage) {
            for (const filter of filters) {
                await connection.subscribe(filter, 1, (topic, payload) => onMessage({
                    topic,
                    text: Buffer.from(payload).toString(),
                }));
            }
        },
        publish: (topic, payload) => connection.publish(topic, payload, 1),
        end: () => connection.disconnect(),
    };
}
