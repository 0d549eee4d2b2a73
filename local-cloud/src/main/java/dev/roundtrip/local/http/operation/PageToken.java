package dev.roundtrip.local.http.operation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page of a list ends, as text that clients send back unread. */
public final class PageToken {
    /** How many entries a page has where the request does not say; our choice, as AWS's documents do not say. */
    public static final int DEFAULT_SIZE = 25;

    private PageToken() {}

    /** The token for the page behind a name. */
    public static String after(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The name behind which a page begins; empty for the first page.
     *
     * @param token null for the first page
     * @throws Refusal when it is no token
     */
    public static String name(@Nullable String token) throws Refusal {
        if (token == null) {
            return "";
        }
        try {
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(token)))
                    .toString();
            // Two texts would else stand for one page, and the empty one for the first.
            if (!name.isEmpty() && after(name).equals(token)) {
                return name;
            }
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            // Told below.
        }
        throw Refusal.invalid("nextToken is not one that was given");
    }
}
