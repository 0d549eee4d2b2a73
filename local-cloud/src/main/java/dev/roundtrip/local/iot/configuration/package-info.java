/** Operations on what an account is configured with: its endpoints, which events it hears of, and tags. */
@NullMarked
package dev.roundtrip.local.iot.configuration;

import org.jspecify.annotations.NullMarked;
