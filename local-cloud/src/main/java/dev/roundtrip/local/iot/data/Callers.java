package dev.roundtrip.local.iot.data;

import dev.roundtrip.auth.sigv4.SignedRequest;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows who signs requests. Thread-safe; asked on virtual threads. */
public interface Callers {

    /** Who signed a request; empty when the signature is not right.
     *
     * @param source where the request comes from
     */
    Optional<Sender> authenticate(SignedRequest request, InetAddress source);

    /** Whether a request carries what may be a signature. Does not block.
     *
     * @param head the request without its body
     */
    default boolean mayBeSigned(SignedRequest head) {
        return true;
    }

    /** Somebody whose signature was right. */
    interface Sender {

        /** Tells whether a policy allows it.
         *
         * @param topic for the condition key {@code iot:Topic}; null when the action has none
         */
        boolean may(DataAction action, String clientId, @Nullable String topic);

        /** Why {@link #may} says no, for a log: which statement denies, or that none allows. */
        default String refusal(DataAction action, String clientId, @Nullable String topic) {
            return "no statement allows it";
        }

        /** The ARN of the signer, for a log; null when it is not known. */
        default @Nullable String arn() {
            return null;
        }
    }
}
