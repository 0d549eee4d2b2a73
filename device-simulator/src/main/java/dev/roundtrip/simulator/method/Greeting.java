package dev.roundtrip.simulator.method;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.method.Call;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.protocol.JsonText;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Answers any request with the words of the AWS sample of 2022:
 * {@code Your request was '…'. Some random response: '…'}.
 */
record Greeting(RandomGenerator random) implements DeviceMethod {

    @Override
    public JsonText run(JsonText request, Call call) {
        return JsonText.string("Your request was '" + shown(request) + "'. Some random response: '"
                + HexFormat.of().toHexDigits(random.nextLong()) + "'");
    }

    private static String shown(JsonText request) {
        JsonNode value = request.tree();
        return value.isTextual() ? value.textValue() : request.toString();
    }
}
