package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes XML elements, one after the other. Used by one thread. */
public final class Xml {
    private static final Header XML = new Header("content-type", "text/xml");

    private final StringBuilder text = new StringBuilder();

    /** Begins an element.
     *
     * @param name with attributes, if it has any
     */
    public Xml begin(String name) {
        text.append('<').append(name).append('>');
        return this;
    }

    /** Ends an element. */
    public Xml end(String name) {
        text.append("</").append(name).append('>');
        return this;
    }

    /** An element with a text. */
    public Xml element(String name, String value) {
        begin(name);
        escape(value);
        return end(name);
    }

    /** Characters that XML does not have, even escaped, become question marks. */
    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '&' -> text.append("&amp;");
                case '\r' -> text.append("&#13;");
                case '\n', '\t' -> text.append(character);
                default -> text.append(isAllowed(character) ? character : '?');
            }
        }
    }

    private static boolean isAllowed(char character) {
        return character >= ' ' && character < 0xFFFE;
    }

    /** An answer with what was written. */
    public HttpReply reply(int status, Header... headers) {
        String document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text;
        return new HttpReply(status, List.of(XML), document.getBytes(StandardCharsets.UTF_8)).with(headers);
    }
}
