package dev.roundtrip.local.check;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedMessageException;

/** An answer of the device that could be read.
 *
 * @param topic where it came
 * @param message what it says
 */
record Heard(String topic, AnswerMessage message) {

    /** @throws BrokenRuleException when the payload is no answer */
    static Heard of(String topic, byte[] payload) throws BrokenRuleException {
        try {
            return new Heard(topic, AnswerMessage.decode(payload));
        } catch (MalformedMessageException malformed) {
            throw new BrokenRuleException("an answer cannot be read: " + malformed.getMessage());
        }
    }

    /** Whether both say the same of the method; what they say of order and keys may differ. */
    boolean saysTheSameAs(Heard other) {
        return switch (message) {
            case AnswerMessage.Answered answered ->
                other.message() instanceof AnswerMessage.Answered same
                        && same.response().equals(answered.response());
            case AnswerMessage.Failed failed ->
                other.message() instanceof AnswerMessage.Failed same
                        && same.error().equals(failed.error());
            case AnswerMessage.Refused refused ->
                other.message() instanceof AnswerMessage.Refused same
                        && same.refusal().equals(refused.refusal());
        };
    }

    /** The code of a refusal; empty when it is none. */
    String refusal() {
        return message instanceof AnswerMessage.Refused refused
                ? refused.refusal().code()
                : "";
    }

    /** What it is, in a few words. */
    String describe() {
        return switch (message) {
            case AnswerMessage.Answered answered -> "an answer";
            case AnswerMessage.Failed failed -> "the error " + failed.error().code();
            case AnswerMessage.Refused refused ->
                "the refusal " + refused.refusal().code();
        };
    }

    /** The number that a counter answers.
     *
     * @throws BrokenRuleException when it is none
     */
    long number() throws BrokenRuleException {
        if (message instanceof AnswerMessage.Answered answered) {
            JsonText response = answered.response();
            if (response.tree().isIntegralNumber()) {
                return response.tree().longValue();
            }
        }
        throw new BrokenRuleException("the counter did not answer a whole number, but " + describe());
    }
}
