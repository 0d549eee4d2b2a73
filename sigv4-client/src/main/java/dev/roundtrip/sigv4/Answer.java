package dev.roundtrip.sigv4;

import java.net.http.HttpHeaders;
import java.time.Duration;

/** What came back.
 *
 * @param status the HTTP status
 * @param headers every header, names in lower case
 * @param body the bytes as they came
 * @param elapsed from before connecting until the last byte
 */
@SuppressWarnings("ArrayRecordComponent") // Printed, never compared.
record Answer(int status, HttpHeaders headers, byte[] body, Duration elapsed) {

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
