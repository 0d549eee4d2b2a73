package dev.roundtrip.local.hostile;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Documents that are made to harm who reads them, by what they are. Each fits into an MQTT message. */
public final class HostileDocuments {
    private static final int DEEP = 60_000;

    private HostileDocuments() {}

    /** In JSON: no one of them is a document that can be served. */
    public static Map<String, byte[]> json() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("arrays in arrays", "{\"status\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + "}");
        texts.put("objects in objects", "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000));
        texts.put("an end of nothing", "[".repeat(2 * DEEP));
        texts.put("a number of 100,000 digits", "{\"status\":" + "9".repeat(100_000) + "}");
        texts.put("a fraction of 100,000 digits", "{\"status\":0." + "1".repeat(100_000) + "}");
        texts.put("a status that is infinite", "{\"status\":1e999999999}");
        texts.put("a status that is next to nothing", "{\"status\":1e-999999999}");
        texts.put("a member twice", "{\"status\":\"SUCCEEDED\",\"status\":\"FAILED\"}");
        texts.put("a member twice, written in two ways", "{\"status\":\"FAILED\",\"st\\u0061tus\":\"FAILED\"}");
        texts.put("details twice", "{\"status\":\"FAILED\",\"statusDetails\":{\"a\":\"1\",\"a\":\"2\"}}");
        texts.put("a status and more", "{\"status\":\"SUCCEEDED\"}{}");
        texts.put("no number", "{\"status\":NaN}");
        texts.put("a comment", "{/* */\"status\":\"SUCCEEDED\"}");
        texts.put("quotes of another kind", "{'status':'SUCCEEDED'}");
        texts.put("an open string", "{\"status\":\"SUCC");
        texts.put("a control character in a string", "{\"status\":\"SUCC\u0000EEDED\"}");
        texts.put(
                "a token of 100,000 characters", "{\"clientToken\":\"" + "t".repeat(100_000) + "\",\"status\":\"x\"}");
        texts.put("a name of 100,000 characters", "{\"" + "n".repeat(100_000) + "\":1,\"status\":\"x\"}");
        texts.put("8,000 details", "{\"status\":\"QUEUED\",\"statusDetails\":{" + members(8_000) + "}}");
        texts.put("8,000 results", "{\"status\":\"QUEUED\",\"result\":{" + members(8_000) + "}}");
        texts.put("names with one hash", "{\"status\":\"x\"," + colliding() + "}");
        texts.put("half a surrogate pair", "{\"status\":\"SUCCEEDED\",\"clientToken\":\"\\ud800\"}");
        texts.put("half a surrogate pair in a name", "{\"status\":\"SUCCEEDED\",\"\\udc00\":1}");
        texts.put("a status that is a list", "{\"status\":[\"SUCCEEDED\"]}");
        Map<String, byte[]> documents = new LinkedHashMap<>();
        texts.forEach((name, text) -> documents.put(name, text.getBytes(UTF_8)));
        documents.put("bytes that are no UTF-8", HexFormat.of().parseHex("7b22737461747573223a22ff227d"));
        documents.put("an overlong slash", HexFormat.of().parseHex("7b22737461747573223a22c0af227d"));
        documents.put("UTF-16", "{\"status\":\"FAILED\"}".getBytes(UTF_16));
        documents.put("a byte order mark", "\ufeff{\"status\":\"x\"}".getBytes(UTF_8));
        documents.put("zeros", new byte[100_000]);
        return documents;
    }

    /** In CBOR: no one of them is a document that can be served. */
    public static Map<String, byte[]> cbor() {
        Map<String, byte[]> documents = new LinkedHashMap<>();
        documents.put("arrays in arrays", repeated("81", 2 * DEEP, "00"));
        documents.put("arrays without end", repeated("9f", 2 * DEEP, ""));
        documents.put("maps in maps", repeated("a16161", DEEP / 2, "00"));
        documents.put("tags of tags", repeated("c6", 2 * DEEP, "00"));
        documents.put("a map of 2^62 members", bytes("bb4000000000000000"));
        documents.put("an array of 2^31 elements", bytes("a1667374617475739a7fffffff00"));
        documents.put("a string of 2 GB", bytes("a1667374617475737a7fffffff61"));
        documents.put("a string of 2^62 bytes", bytes("a1667374617475737b400000000000000061"));
        documents.put("bytes of 100 MB", bytes("a1667374617475735a0640000000"));
        documents.put("a number of 100 MB", bytes("a166737461747573c25a0640000000"));
        documents.put("a number of 100,000 bytes", join(bytes("a166737461747573c25a000186a0"), filled(100_000)));
        documents.put("a decimal with an exponent of 2^31", bytes("a166737461747573c4821a7fffffff01"));
        documents.put(
                "a string of 100,000 empty parts", join(bytes("a1667374617475737f"), repeated("60", 100_000, "ff")));
        documents.put("a member twice", bytes("a2667374617475736653746174757366737461747573664641494c4544"));
        documents.put("a break and nothing else", bytes("ff"));
        documents.put("a reserved length", bytes("1c"));
        documents.put("half a string", bytes("a166737461747573695355434345"));
        documents.put("a string that is no UTF-8", bytes("a16673746174757362c3ff"));
        documents.put(
                "half a surrogate pair",
                bytes("a26673746174757369535543434545444544" + "6b636c69656e74546f6b656e" + "63eda080"));
        documents.put("a document and more", bytes("a16673746174757361780000"));
        documents.put("JSON", "{\"status\":\"SUCCEEDED\"}".getBytes(UTF_8));
        documents.put("nothing", new byte[0]);
        documents.put("zeros", new byte[100_000]);
        return documents;
    }

    /** Those of {@link #cbor} that are no JSON either. */
    public static Map<String, byte[]> cborAlone() {
        Map<String, byte[]> documents = cbor();
        documents.remove("JSON");
        return documents;
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":\"v\"").collect(Collectors.joining(","));
    }

    /** Strings of "Aa" and "BB", which have one hash code in Java. */
    private static String colliding() {
        return IntStream.range(0, 2_048)
                .mapToObj(i -> "\""
                        + Integer.toBinaryString(4_096 + i).replace("0", "Aa").replace("1", "BB") + "\":1")
                .collect(Collectors.joining(","));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] filled(int count) {
        byte[] all = new byte[count];
        Arrays.fill(all, (byte) 0x7f);
        return all;
    }

    private static byte[] repeated(String hex, int times, String last) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] one = bytes(hex);
        for (int i = 0; i < times; i++) {
            all.writeBytes(one);
        }
        all.writeBytes(bytes(last));
        return all.toByteArray();
    }

    private static byte[] join(byte[] one, byte[] other) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(one);
        all.writeBytes(other);
        return all.toByteArray();
    }
}
