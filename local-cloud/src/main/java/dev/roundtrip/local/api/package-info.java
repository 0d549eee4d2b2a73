/** The local API: what a running local cloud tells of itself, and takes; docs/local-api.md is its contract. */
@NullMarked
package dev.roundtrip.local.api;

import org.jspecify.annotations.NullMarked;
