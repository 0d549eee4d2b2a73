package dev.roundtrip.device.operation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Says how a device is. Implemented by its maker. */
@FunctionalInterface
public interface DiagnosticsPort {

    /** Looks.
     *
     * @param document the job's document, which may say at what to look
     * @return what was found, the most important first: 10 pairs reach the service, of each value 1,024 characters
     * @throws Exception when it cannot be found out; the job has failed
     */
    Map<String, String> look(JsonNode document) throws Exception;
}
