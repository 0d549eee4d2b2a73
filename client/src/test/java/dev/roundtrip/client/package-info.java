@NullMarked
package dev.roundtrip.client;

import org.jspecify.annotations.NullMarked;
