package dev.roundtrip.local.store.table;

/** A row: what a service keeps under a key.
 *
 * @param key see {@link Keys} for keys of several parts
 * @param value what the service wrote; nobody writes to it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Row(String key, byte[] value) {}
