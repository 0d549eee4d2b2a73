package dev.roundtrip.invoke.lambda;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.RequestSender;
import dev.roundtrip.invoke.TimeLimits;
import dev.roundtrip.invoke.Timings;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.RequestMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls from event to answer with nobody behind them, so that the first real one finds its classes loaded and its code
 * warm.
 *
 * <p>They connect nothing, write no log, and make no id: their one id is written here, and nothing keeps it.
 */
final class Priming {
    private static final String EVENT = """
            {"resource":"/invoke","path":"/invoke","httpMethod":"GET","headers":{"Host":"example"},\
            "queryStringParameters":{"target":"nobody","method":"prime","request":"{}","timeout":"1"},\
            "multiValueQueryStringParameters":{"target":["nobody"],"method":["prime"],\
            "request":["{}"],"timeout":["1"]},\
            "pathParameters":null,\
            "requestContext":{"stage":"Prod","path":"/Prod/invoke","identity":{"accountId":"0","caller":"priming"}},\
            "body":null,"isBase64Encoded":false}""";

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_LIMIT = Duration.ofMillis(1);

    private Priming() {}

    /** Makes a call that is answered before it waits.
     *
     * @return its answer, which nobody waits for
     */
    static HttpReply answered() {
        try (PendingAcks pendingAcks = new PendingAcks()) {
            return call(pendingAcks, new Echo(pendingAcks), LIMIT);
        }
    }

    /** Makes a call that waits for an answer until its time is over, a millisecond later.
     *
     * @return what it is told, which nobody waits for
     */
    static HttpReply unanswered() {
        try (PendingAcks pendingAcks = new PendingAcks()) {
            return call(pendingAcks, new Silence(), SHORTEST_LIMIT);
        }
    }

    private static HttpReply call(PendingAcks pendingAcks, RequestSender sender, Duration budget) {
        Invoker invoker = new Invoker(
                new Invoker.Terms(new ClientPrefix("priming"), new TimeLimits(LIMIT, LIMIT), 1),
                pendingAcks,
                sender,
                new CallLog(line -> {}),
                Clocks.SYSTEM);
        try (OutputStream nowhere = OutputStream.nullOutputStream()) {
            byte[] event = EVENT.getBytes(StandardCharsets.UTF_8);
            HttpReply reply =
                    invoker.handle(ProxyEvents.request(ProxyJson.read(new ByteArrayInputStream(event))), budget);
            ProxyJson.write(ProxyEvents.response(reply), nowhere);
            return reply;
        } catch (IOException impossible) {
            throw new UncheckedIOException("bytes in memory can always be read", impossible);
        }
    }

    /** Carries nothing anywhere. */
    private interface Stage extends RequestSender {
        @Override
        default MessageId nextId() {
            return MessageId.of("00000000-0000-4000-8000-000000000000");
        }

        @Override
        default void release(MessageId id) {}
    }

    /** Answers at once, by the way that answers take. */
    private record Echo(PendingAcks pendingAcks) implements Stage {
        @Override
        public void send(Command command, PendingAcks.Pending pending, Timings timings) {
            try {
                RequestMessage request = RequestMessage.decode(command.payload());
                byte[] answer = new AnswerMessage.Answered(request.id().toString(), request.request()).encode();
                pendingAcks.deliver(command.answerTopic().value(), answer);
                timings.mark("publish");
            } catch (MalformedMessageException impossible) {
                throw new IllegalStateException("what was encoded can be decoded", impossible);
            }
        }
    }

    /** Never answers. */
    private record Silence() implements Stage {
        @Override
        public void send(Command command, PendingAcks.Pending pending, Timings timings) {
            timings.mark("publish");
        }
    }
}
