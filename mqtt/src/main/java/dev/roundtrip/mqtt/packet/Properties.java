package dev.roundtrip.mqtt.packet;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** The properties of an MQTT 5 packet that a broker acts on, and the bytes of those that it passes on.
 *
 * <p>Numbers that were not sent are {@link #ABSENT}. Read once, then never changed: safe to share between threads.
 */
public final class Properties {
    /** What a number is when its property was not sent. */
    public static final long ABSENT = -1;

    /** No properties: all that MQTT 3.1.1 knows. */
    public static final Properties NONE = new Properties();

    static final long CONNECT = PropertyId.setOf(
            PropertyId.SESSION_EXPIRY_INTERVAL,
            PropertyId.RECEIVE_MAXIMUM,
            PropertyId.MAXIMUM_PACKET_SIZE,
            PropertyId.TOPIC_ALIAS_MAXIMUM,
            PropertyId.REQUEST_RESPONSE_INFORMATION,
            PropertyId.REQUEST_PROBLEM_INFORMATION,
            PropertyId.USER_PROPERTY,
            PropertyId.AUTHENTICATION_METHOD,
            PropertyId.AUTHENTICATION_DATA);
    static final long WILL = PropertyId.setOf(
            PropertyId.WILL_DELAY_INTERVAL,
            PropertyId.PAYLOAD_FORMAT_INDICATOR,
            PropertyId.MESSAGE_EXPIRY_INTERVAL,
            PropertyId.CONTENT_TYPE,
            PropertyId.RESPONSE_TOPIC,
            PropertyId.CORRELATION_DATA,
            PropertyId.USER_PROPERTY);
    static final long PUBLISH = PropertyId.setOf(
            PropertyId.PAYLOAD_FORMAT_INDICATOR,
            PropertyId.MESSAGE_EXPIRY_INTERVAL,
            PropertyId.TOPIC_ALIAS,
            PropertyId.RESPONSE_TOPIC,
            PropertyId.CORRELATION_DATA,
            PropertyId.USER_PROPERTY,
            PropertyId.CONTENT_TYPE);
    static final long ACKNOWLEDGEMENT = PropertyId.setOf(PropertyId.REASON_STRING, PropertyId.USER_PROPERTY);
    static final long SUBSCRIBE = PropertyId.setOf(PropertyId.SUBSCRIPTION_IDENTIFIER, PropertyId.USER_PROPERTY);
    static final long UNSUBSCRIBE = PropertyId.setOf(PropertyId.USER_PROPERTY);
    static final long DISCONNECT =
            PropertyId.setOf(PropertyId.SESSION_EXPIRY_INTERVAL, PropertyId.REASON_STRING, PropertyId.USER_PROPERTY);

    private static final long FORWARDED = PropertyId.setOf(
            PropertyId.PAYLOAD_FORMAT_INDICATOR,
            PropertyId.CONTENT_TYPE,
            PropertyId.RESPONSE_TOPIC,
            PropertyId.CORRELATION_DATA,
            PropertyId.USER_PROPERTY);

    private final long[] numbers = new long[PropertyId.COUNT];
    private long seen;
    private byte[] forwarded = new byte[0];

    private Properties() {
        Arrays.fill(numbers, ABSENT);
    }

    /** Reads a properties block.
     *
     * @param allowed the identifiers that this kind of packet may have, as {@link PropertyId#setOf}
     */
    static Properties read(Fields fields, long allowed) throws UnreadablePacketException {
        int length = fields.variableInteger();
        if (length == 0) {
            return NONE;
        }
        if (length > fields.remaining()) {
            throw UnreadablePacketException.malformed("properties go past the packet's end");
        }
        Properties properties = new Properties();
        ByteArrayOutputStream passedOn = new ByteArrayOutputStream(length);
        int end = fields.position() + length;
        while (fields.position() < end) {
            int start = fields.position();
            int id = fields.variableInteger();
            properties.readOne(fields, id, allowed);
            if (PropertyId.contains(FORWARDED, id)) {
                passedOn.writeBytes(fields.copy(start, fields.position()));
            }
        }
        if (fields.position() != end) {
            throw UnreadablePacketException.malformed("a property goes past the properties' end");
        }
        properties.forwarded = passedOn.toByteArray();
        return properties;
    }

    private void readOne(Fields fields, int id, long allowed) throws UnreadablePacketException {
        if (!PropertyId.contains(allowed, id)) {
            boolean ofServer = allowed == PUBLISH && id == PropertyId.SUBSCRIPTION_IDENTIFIER;
            throw ofServer
                    ? UnreadablePacketException.protocolError("a client must not send a subscription identifier")
                    : UnreadablePacketException.malformed("property " + id + " does not belong to this packet");
        }
        if (PropertyId.contains(seen, id) && id != PropertyId.USER_PROPERTY) {
            throw UnreadablePacketException.protocolError("property " + id + " is there twice");
        }
        seen |= PropertyId.setOf(id);
        int start = fields.position();
        switch (id) {
            case PropertyId.PAYLOAD_FORMAT_INDICATOR,
                    PropertyId.REQUEST_PROBLEM_INFORMATION,
                    PropertyId.REQUEST_RESPONSE_INFORMATION -> numbers[id] = zeroOrOne(fields, id);
            case PropertyId.MESSAGE_EXPIRY_INTERVAL,
                    PropertyId.SESSION_EXPIRY_INTERVAL,
                    PropertyId.WILL_DELAY_INTERVAL -> numbers[id] = fields.unsignedInt();
            case PropertyId.MAXIMUM_PACKET_SIZE -> numbers[id] = positive(fields.unsignedInt(), id);
            case PropertyId.RECEIVE_MAXIMUM -> numbers[id] = positive(fields.unsignedShort(), id);
            case PropertyId.TOPIC_ALIAS_MAXIMUM, PropertyId.TOPIC_ALIAS -> numbers[id] = fields.unsignedShort();
            case PropertyId.SUBSCRIPTION_IDENTIFIER -> numbers[id] = positive(fields.variableInteger(), id);
            case PropertyId.CONTENT_TYPE, PropertyId.AUTHENTICATION_METHOD, PropertyId.REASON_STRING -> {
                fields.text();
                numbers[id] = fields.position() - start - 2L;
            }
            case PropertyId.RESPONSE_TOPIC -> topicWithoutWildcards(fields.text());
            case PropertyId.CORRELATION_DATA, PropertyId.AUTHENTICATION_DATA -> {
                int length = fields.unsignedShort();
                fields.skip(length);
                numbers[id] = length;
            }
            case PropertyId.USER_PROPERTY -> {
                fields.text();
                fields.text();
                numbers[id] = Math.max(0, numbers[id]) + fields.position() - start - 4L;
            }
            default -> throw new IllegalStateException("property " + id + " is allowed but not known");
        }
    }

    /** The user properties among encoded properties that pass through. */
    static List<Publication.UserProperty> userProperties(byte[] forwarded) throws UnreadablePacketException {
        Fields fields = new Fields(Unpooled.wrappedBuffer(forwarded), forwarded.length);
        Properties scratch = new Properties();
        List<Publication.UserProperty> found = new ArrayList<>();
        while (fields.remaining() > 0) {
            int id = fields.variableInteger();
            if (id == PropertyId.USER_PROPERTY) {
                found.add(new Publication.UserProperty(fields.text(), fields.text()));
            } else {
                scratch.readOne(fields, id, FORWARDED);
            }
        }
        return found;
    }

    /** Encoded properties that pass through, as text of so many characters at most. */
    static String describe(byte[] forwarded, int most) throws UnreadablePacketException {
        Fields fields = new Fields(Unpooled.wrappedBuffer(forwarded), forwarded.length);
        StringBuilder text = new StringBuilder();
        while (fields.remaining() > 0 && text.length() < most) {
            if (!text.isEmpty()) {
                text.append(", ");
            }
            int id = fields.variableInteger();
            switch (id) {
                case PropertyId.PAYLOAD_FORMAT_INDICATOR ->
                    text.append("payloadFormatIndicator=").append(fields.unsignedByte());
                case PropertyId.CONTENT_TYPE -> text.append("contentType=").append(fields.text());
                case PropertyId.RESPONSE_TOPIC -> text.append("responseTopic=").append(fields.text());
                case PropertyId.CORRELATION_DATA ->
                    text.append("correlationData=")
                            .append(fields.binary().length)
                            .append(" bytes");
                case PropertyId.USER_PROPERTY ->
                    text.append("user.").append(fields.text()).append('=').append(fields.text());
                default -> throw new IllegalStateException("property " + id + " passes through but is not known");
            }
        }
        text.setLength(Math.min(most, text.length()));
        return text.toString();
    }

    private static long zeroOrOne(Fields fields, int id) throws UnreadablePacketException {
        int value = fields.unsignedByte();
        if (value > 1) {
            throw UnreadablePacketException.protocolError("property " + id + " must be 0 or 1");
        }
        return value;
    }

    private static long positive(long value, int id) throws UnreadablePacketException {
        if (value == 0) {
            throw UnreadablePacketException.protocolError("property " + id + " must not be 0");
        }
        return value;
    }

    private static void topicWithoutWildcards(String topic) throws UnreadablePacketException {
        if (topic.isEmpty() || topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw UnreadablePacketException.protocolError("the response topic is no topic name");
        }
    }

    /** A number by its {@link PropertyId}; of a string or of binary data the length in bytes, of user properties their
     * sum.
     */
    public OptionalLong number(int id) {
        return numbers[id] == ABSENT ? OptionalLong.empty() : OptionalLong.of(numbers[id]);
    }

    /** A number by its {@link PropertyId}, or another when it was not sent. */
    public long numberOr(int id, long absent) {
        return numbers[id] == ABSENT ? absent : numbers[id];
    }

    /** The encoded properties that go unaltered from publisher to subscriber; not to be changed. */
    public byte[] forwarded() {
        return forwarded;
    }
}
