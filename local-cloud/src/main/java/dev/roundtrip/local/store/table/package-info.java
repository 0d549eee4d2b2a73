/** Tables of services: rows by key, transactions over several tables, one writer, durable when a write returns. */
@NullMarked
package dev.roundtrip.local.store.table;

import org.jspecify.annotations.NullMarked;
