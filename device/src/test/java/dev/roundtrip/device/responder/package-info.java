@NullMarked
package dev.roundtrip.device.responder;

import org.jspecify.annotations.NullMarked;
