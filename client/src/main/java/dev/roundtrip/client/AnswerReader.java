package dev.roundtrip.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.client.Outcome.DidNotRun;
import dev.roundtrip.client.Outcome.Failed;
import dev.roundtrip.client.Outcome.GoesOn;
import dev.roundtrip.client.Outcome.MayHaveRun;
import dev.roundtrip.client.Outcome.Ok;
import dev.roundtrip.client.Outcome.Refused;
import java.util.List;
import java.util.Optional;

/** Says how one try ended, by what came back. Everything that the contract does not have may have run. Thread-safe.
 *
 * @param endpoint where the answer comes from
 * @param mapper binds the device's response
 */
record AnswerReader(Endpoint endpoint, ObjectMapper mapper) {

    /** The endings of the contract. Each has one status: another one with it is no ending. */
    private enum Ending {
        OK("ok", 200),
        ACCEPTED("accepted", 202),
        DEVICE_ERROR("device_error", 502),
        REFUSED("refused", 409),
        BUSY("refused", 503),
        OVERTAKEN("overtaken", 410),
        CANCELED("canceled", 410),
        TIMEOUT("timeout", 504),
        OFFLINE("offline", 503),
        UNAVAILABLE("unavailable", 503),
        THROTTLED("throttled", 429),
        NOT_FOUND("not_found", 404),
        NOT_DEPLOYED("not_deployed", 501),
        TOO_LARGE("too_large", 413),
        INVALID_PARAMETERS("invalid_parameters", 400),
        INTERNAL_ERROR("internal_error", 500);

        private final String result;
        private final int status;

        Ending(String result, int status) {
            this.result = result;
            this.status = status;
        }

        static Optional<Ending> of(GatewayAnswer answer) {
            for (Ending ending : values()) {
                if (ending.status == answer.status() && ending.result.equals(answer.result())) {
                    return Optional.of(ending);
                }
            }
            return Optional.empty();
        }
    }

    /** How a try ended of which this came back. */
    Outcome read(Reply reply, Tally tally) {
        return switch (reply) {
            case Reply.Answered answered -> read(GatewayAnswer.of(answered), tally);
            case Reply.Unsent unsent -> unsent(DidNotRun.Reason.UNREACHABLE, unsent.why(), tally);
            case Reply.Lost lost ->
                new MayHaveRun(MayHaveRun.Reason.NO_ANSWER, lost.why(), null, tally.unknown(0, null));
        };
    }

    /** How a try ended of which nothing was sent. */
    static DidNotRun unsent(DidNotRun.Reason reason, String why, Tally tally) {
        return new DidNotRun(reason, "", why, List.of(), null, tally.unsent());
    }

    private Outcome read(GatewayAnswer answer, Tally tally) {
        if (answer.result().isEmpty()) {
            return bare(answer, tally);
        }
        return Ending.of(answer).map(ending -> read(ending, answer, tally)).orElseGet(() -> unreadable(answer, tally));
    }

    private Outcome read(Ending ending, GatewayAnswer answer, Tally tally) {
        return switch (ending) {
            case OK ->
                answer.response() == null
                        ? unreadable(answer, tally)
                        : new Ok(new Response(answer.response(), mapper), known(answer, tally));
            case ACCEPTED -> goesOn(answer, tally);
            case DEVICE_ERROR -> new Failed(answer.code(), answer.message(), known(answer, tally));
            case REFUSED -> new Refused(answer.code(), answer.message(), answer.retryAfter(), known(answer, tally));
            case BUSY -> didNotRun(DidNotRun.Reason.BUSY, answer, tally);
            case OFFLINE -> didNotRun(DidNotRun.Reason.OFFLINE, answer, tally);
            case UNAVAILABLE -> didNotRun(DidNotRun.Reason.UNAVAILABLE, answer, tally);
            case THROTTLED -> didNotRun(DidNotRun.Reason.THROTTLED, answer, tally);
            case NOT_FOUND -> didNotRun(DidNotRun.Reason.NOT_FOUND, answer, tally);
            case NOT_DEPLOYED -> didNotRun(DidNotRun.Reason.NOT_DEPLOYED, answer, tally);
            case TOO_LARGE -> didNotRun(DidNotRun.Reason.TOO_LARGE, answer, tally);
            case INVALID_PARAMETERS -> didNotRun(DidNotRun.Reason.INVALID, answer, tally);
            case TIMEOUT -> mayHaveRun(MayHaveRun.Reason.TIMEOUT, answer, tally);
            case INTERNAL_ERROR -> mayHaveRun(MayHaveRun.Reason.INTERNAL_ERROR, answer, tally);
            case OVERTAKEN, CANCELED -> mayHaveRun(MayHaveRun.Reason.OVERTAKEN, answer, tally);
        };
    }

    /** API Gateway's own answers; source: docs/protocol.md, which says what ran. Its 500 for a throttled function did
     * not run, and looks like one that may have.
     */
    private static Outcome bare(GatewayAnswer answer, Tally tally) {
        return switch (answer.status()) {
            case 400 -> didNotRun(DidNotRun.Reason.INVALID, answer, tally);
            case 403 -> didNotRun(DidNotRun.Reason.FORBIDDEN, answer, tally);
            case 408 -> didNotRun(DidNotRun.Reason.NOT_RECEIVED, answer, tally);
            case 413, 414, 431 -> didNotRun(DidNotRun.Reason.TOO_LARGE, answer, tally);
            case 429 -> didNotRun(DidNotRun.Reason.THROTTLED, answer, tally);
            case 500, 502, 503, 504 -> mayHaveRun(MayHaveRun.Reason.NO_GATEWAY_ANSWER, answer, tally);
            default -> unreadable(answer, tally);
        };
    }

    private GoesOn goesOn(GatewayAnswer answer, Tally tally) {
        String id = Words.line(answer.members().path("id").asText(""), Words.MAX_MESSAGE);
        return new GoesOn(
                answer.header("location").flatMap(endpoint::resolve).orElse(null),
                id.isEmpty() ? null : id,
                Words.code(answer.members().path("status")),
                known(answer, tally));
    }

    private static DidNotRun didNotRun(DidNotRun.Reason reason, GatewayAnswer answer, Tally tally) {
        return new DidNotRun(
                reason, answer.code(), said(answer), answer.problems(), answer.retryAfter(), known(answer, tally));
    }

    private static MayHaveRun mayHaveRun(MayHaveRun.Reason reason, GatewayAnswer answer, Tally tally) {
        return new MayHaveRun(reason, said(answer), null, tally.unknown(answer.status(), answer.id()));
    }

    private static MayHaveRun unreadable(GatewayAnswer answer, Tally tally) {
        return new MayHaveRun(
                MayHaveRun.Reason.UNREADABLE_ANSWER,
                "the answer with status " + answer.status() + " is none that the contract has: is this the endpoint?",
                null,
                tally.unknown(answer.status(), answer.id()));
    }

    private static String said(GatewayAnswer answer) {
        return answer.message().isEmpty() ? "the answer has status " + answer.status() : answer.message();
    }

    private static Outcome.CallFacts known(GatewayAnswer answer, Tally tally) {
        return tally.known(answer.status(), answer.id(), answer.device());
    }
}
