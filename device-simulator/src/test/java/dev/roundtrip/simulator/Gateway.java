package dev.roundtrip.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Asks a device through a scripted broker, as the gateway does. */
record Gateway(ScriptedBroker broker, String device) {

    /** One call on its way. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Call(Route route, byte[] payload) {}

    Call call(String method, String request) throws MalformedJsonException {
        return call(method, request, Duration.ofSeconds(10));
    }

    Call call(String method, String request, Duration timeout) throws MalformedJsonException {
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        Route route = new Route(new ClientPrefix("gw"), MessageId.random(), new Target(device), new Method(method));
        return new Call(
                route,
                new RequestMessage(
                                now,
                                JsonText.parse(request.getBytes(StandardCharsets.UTF_8)),
                                route.wireId(),
                                now.plus(timeout))
                        .encode());
    }

    Call ask(String method, String request) throws MalformedJsonException {
        Call call = call(method, request);
        send(call);
        return call;
    }

    void send(Call call) {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(
                MqttProperties.RESPONSE_TOPIC, call.route().answerTopic().toString()));
        properties.add(new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, new byte[] {1, 2, 3}));
        broker.send(device, call.route().requestTopic().toString(), call.payload(), properties);
    }

    MqttPublishMessage nextMessage() throws InterruptedException {
        MqttPublishMessage message = broker.answers.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no answer within 10 s");
        }
        return message;
    }

    /** The next message, which has this topic. */
    JsonNode nextJson(String topic) throws InterruptedException, MalformedJsonException {
        MqttPublishMessage message = nextMessage();
        if (!message.variableHeader().topicName().equals(topic)) {
            throw new AssertionError(message.variableHeader().topicName());
        }
        return Json.read(ByteBufUtil.getBytes(message.payload()));
    }

    AnswerMessage nextAnswer() throws InterruptedException, MalformedMessageException {
        return AnswerMessage.decode(ByteBufUtil.getBytes(nextMessage().payload()));
    }
}
