package dev.roundtrip.local.http.operation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page of a list ends, as text that clients send back unread. */
public final class PageToken {
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
        try {
            return token == null ? "" : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.invalid("nextToken is not one that was given");
        }
    }
}
