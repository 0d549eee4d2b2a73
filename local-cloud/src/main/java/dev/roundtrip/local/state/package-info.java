/** What the local cloud keeps between two starts, in one private directory: its certificate authority, its credentials, and the things with their certificates and policies. */
@NullMarked
package dev.roundtrip.local.state;

import org.jspecify.annotations.NullMarked;
