package dev.roundtrip.invoke;

import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import org.jspecify.annotations.Nullable;

/** What a caller wants the device to make sure of.
 *
 * @param order that the request runs in its place only; null when any place will do
 * @param key that the effect happens once, however often the request is repeated; null when the caller does not repeat
 * @param next where the caller learns later what became of the key, a path with a query; null without a key
 */
record Guarantees(
        @Nullable Order order,
        @Nullable RequestKey key,
        @Nullable String next) {
    static final Guarantees NONE = new Guarantees(null, null, null);
}
