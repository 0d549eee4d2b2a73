package dev.roundtrip.local.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One step. Filled by one thread, then handed to {@link Journal#record}, and not changed after that except that the
 * journal drops the payload when its memory is full. {@link Step} says what the members mean. Longer texts are cut, for
 * others write them. A subclass may make the detail when somebody asks for it.
 */
public class Entry {
    /** The longest text, in characters; our choice. A topic has 256 bytes at most. */
    public static final int MAX_TEXT = 256;

    private static final VarHandle PAYLOAD;

    static {
        try {
            PAYLOAD = MethodHandles.lookup().findVarHandle(Entry.class, "payload", byte[].class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Step step;
    private final @Nullable String client;
    private final @Nullable String subject;
    private @Nullable String detail;
    private int code;
    private int payloadLength;
    private volatile byte @Nullable [] payload;
    private long sequence;
    private long nanos;

    /** A step without detail, code and payload.
     *
     * @param client who did it, or whom it concerns
     * @param subject what it concerns: a topic, a request id
     */
    public Entry(Step step, @Nullable String client, @Nullable String subject) {
        this.step = step;
        this.client = cut(client);
        this.subject = cut(subject);
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** Sets what else there is to say, in words. */
    public final Entry detail(@Nullable String text) {
        this.detail = cut(text);
        return this;
    }

    /** Sets an HTTP status, an MQTT reason code or a QoS. */
    public final Entry code(int number) {
        this.code = number;
        return this;
    }

    /** Sets the payload, which nobody writes to any more; the journal keeps its first
     * {@value Journal#MAX_PAYLOAD_BYTES} bytes.
     */
    public final Entry payload(byte[] bytes) {
        PAYLOAD.set(this, bytes);
        this.payloadLength = bytes.length;
        return this;
    }

    /** Numbers grow by one with each entry of a journal, from 0. */
    public final long sequence() {
        return sequence;
    }

    /** When it happened, on the scale of {@link System#nanoTime()}. */
    public final long nanos() {
        return nanos;
    }

    public final Step step() {
        return step;
    }

    public final @Nullable String client() {
        return client;
    }

    public final @Nullable String subject() {
        return subject;
    }

    public @Nullable String detail() {
        return detail;
    }

    public final int code() {
        return code;
    }

    /** The payload's length in bytes, also when the payload is not kept. */
    public final int payloadLength() {
        return payloadLength;
    }

    /** The first bytes of the payload; null when there was none, or the journal does not keep it. Not to be written to.
     */
    public final byte @Nullable [] payload() {
        return payload;
    }

    /** Gives the entry its place, before anybody else sees it. */
    final void place(long number, long time, byte @Nullable [] kept) {
        this.sequence = number;
        this.nanos = time;
        PAYLOAD.set(this, kept); // The journal's array publishes it.
    }

    /** Lets go of the payload.
     *
     * @return how many bytes that frees; 0 when it was gone already
     */
    final int dropPayload() {
        byte[] dropped = (byte[]) PAYLOAD.getAndSet(this, null);
        return dropped == null ? 0 : dropped.length;
    }
}
