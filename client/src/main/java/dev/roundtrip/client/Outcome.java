package dev.roundtrip.client;

import dev.roundtrip.protocol.MessageId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call ended. A {@code switch} without {@code default} over the six kinds is complete. Immutable.
 *
 * <p>{@code toString} has no payload and no text of a server or a device, so it may be logged.
 */
public sealed interface Outcome {

    /** What is known about the tries. */
    CallFacts facts();

    /** The device ran the call and answered.
     *
     * @param response the device's answer
     */
    record Ok(Response response, CallFacts facts) implements Outcome {

        /** The device's answer, bound to a type by the client's mapper.
         *
         * @throws UnexpectedResponseException when the answer is JSON null, or is no value of this type
         */
        public <T> T response(Class<T> type) {
            return response.as(type);
        }

        @Override
        public String toString() {
            return Words.describe("Ok", "", facts);
        }
    }

    /** The device refuses the call: it did not run, and will not run as it is (HTTP 409).
     *
     * @param code the device's word, such as {@code out_of_sequence}; at most 64 characters
     * @param message the device's sentence; may be empty; at most 1,024 characters
     * @param retryAfter when the device expects that another try helps; null where it does not say
     */
    record Refused(String code, String message, @Nullable Duration retryAfter, CallFacts facts) implements Outcome {
        @Override
        public String toString() {
            return Words.describe("Refused", Words.shown(code), facts);
        }
    }

    /** The call did not run: no try of it reached the device, or the device was busy.
     *
     * @param code the server's word, such as {@code ExpiredTokenException}; may be empty; at most 64 characters
     * @param message what was wrong; at most 1,024 characters
     * @param problems what the gateway finds wrong with a call that is {@link DidNotRun.Reason#INVALID}, at most 20
     * @param retryAfter when the gateway expects that another try helps; null where it does not say
     */
    record DidNotRun(
            DidNotRun.Reason reason,
            String code,
            String message,
            List<Problem> problems,
            @Nullable Duration retryAfter,
            CallFacts facts)
            implements Outcome {

        /** Copies the problems. */
        public DidNotRun {
            problems = List.copyOf(problems);
        }

        /** Why it did not run. */
        public enum Reason {
            /** The device is away (503). The client repeats it. */
            OFFLINE,
            /** The broker is out of reach, or does not say whether the device is there (503). The client repeats it. */
            UNAVAILABLE,
            /** The device has no room now (503). The client repeats it. */
            BUSY,
            /** A limit of the broker, the gateway or API Gateway was reached (429). The client repeats it. */
            THROTTLED,
            /** The request is too long: the client, the gateway or API Gateway says so (413, 414, 431). */
            TOO_LARGE,
            /** The gateway or API Gateway does not take the request (400). */
            INVALID,
            /** Key, clock, region, policy or path is wrong (403). */
            FORBIDDEN,
            /** What was asked for is not there (404). */
            NOT_FOUND,
            /** The deployment has this way of calling switched off (501). */
            NOT_DEPLOYED,
            /** API Gateway did not get the whole request in time (408). */
            NOT_RECEIVED,
            /** No connection to the endpoint, so nothing was sent. The client repeats it if it reached the endpoint
             * before.
             */
            UNREACHABLE,
            /** There are no credentials to sign with, so nothing was sent. */
            NO_CREDENTIALS
        }

        @Override
        public String toString() {
            return Words.describe("DidNotRun", reason.name(), facts);
        }
    }

    /** Nobody knows whether the call ran. Look before you repeat it, or repeat it with the same key.
     *
     * @param reason why nobody knows; of the last try of which nobody knows
     * @param message what happened; at most 1,024 characters
     * @param last how a later try ended that did not run, and says nothing about the earlier one; null where there was
     *     none. It is a {@link DidNotRun} or a {@link Refused}
     */
    record MayHaveRun(
            MayHaveRun.Reason reason,
            String message,
            @Nullable Outcome last,
            CallFacts facts) implements Outcome {

        /** Why nobody knows. */
        public enum Reason {
            /** The device did not answer in time (504). */
            TIMEOUT,
            /** The gateway has a defect (500). */
            INTERNAL_ERROR,
            /** API Gateway has no answer of the gateway: a bare 500, 502, 503 or 504. */
            NO_GATEWAY_ANSWER,
            /** The request was sent, and the connection was lost, or the deadline came, before the whole answer. */
            NO_ANSWER,
            /** The answer is none that the contract has. */
            UNREADABLE_ANSWER,
            /** Somebody else ended or replaced it (410). */
            OVERTAKEN
        }

        @Override
        public String toString() {
            return Words.describe("MayHaveRun", reason.name(), facts);
        }
    }

    /** The device ran the call, and it failed (502).
     *
     * @param code the device's word, such as {@code interrupted}; may be empty; at most 64 characters
     * @param message the device's sentence; may be empty; at most 1,024 characters
     */
    record Failed(String code, String message, CallFacts facts) implements Outcome {
        @Override
        public String toString() {
            return Words.describe("Failed", Words.shown(code), facts);
        }
    }

    /** The call was handed over and goes on (202).
     *
     * @param location where its end can be asked for, at the endpoint's own host; null where the gateway names no such
     *     place
     * @param id the call's name; null where the gateway does not say it
     * @param status how far it is, in the gateway's word; may be empty; at most 64 characters
     */
    record GoesOn(@Nullable URI location, @Nullable String id, String status, CallFacts facts) implements Outcome {
        @Override
        public String toString() {
            return Words.describe("GoesOn", Words.shown(status), facts);
        }
    }

    /** A mistake in a call.
     *
     * @param parameter its name, or {@code body}, {@code path} or {@code http_method}
     * @param message what is wrong
     */
    record Problem(String parameter, String message) {
        @Override
        public String toString() {
            return "Problem[" + Words.shown(parameter) + "]";
        }
    }

    /** What is known about the tries of a call.
     *
     * @param tries how many requests were signed and sent, or were to be sent
     * @param unknown how many of them may have run, the deciding one not counted when it ran or did not
     * @param elapsed from the beginning of the first try to the end of the last one
     * @param status the HTTP status of the deciding try; 0 where it has none
     * @param id the deciding try's id, which finds it in the gateway's log; null where there is none
     * @param device what the device says about key and order
     */
    record CallFacts(
            int tries,
            int unknown,
            Duration elapsed,
            int status,
            @Nullable MessageId id,
            DeviceFacts device) {}

    /** What the device says about key and order.
     *
     * @param replayed whether an earlier try with the same key ran, and this is its answer
     * @param keyIgnored whether the device does not know keys, so that a repeated call ran again
     * @param kept how long the device remembers the key; null where it does not say
     * @param orderIgnored whether the device does not know sequences, so that it ran in any order
     * @param lane the method's counters; null where the device does not say
     */
    record DeviceFacts(
            boolean replayed,
            boolean keyIgnored,
            @Nullable Duration kept,
            boolean orderIgnored,
            @Nullable Lane lane) {
        /** Of a device that says nothing of it, or of no device. */
        public static final DeviceFacts NONE = new DeviceFacts(false, false, null, false, null);
    }

    /** The counters of a method, or of the methods that the device orders together.
     *
     * @param name the lane's name; at most 64 characters
     * @param epoch drawn anew when the device lost its counters; at most 32 characters
     * @param last the sequence of the last call that ran; 0 when none ran
     * @param lastId the id of that call; null where the device does not say
     */
    record Lane(
            String name, String epoch, long last, @Nullable String lastId) {}
}
