package dev.roundtrip.local.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The environment variables that lead a shell and AWS's clients to a local cloud. */
final class ShellEnvironment {
    /** The services of AWS that the local cloud has, as the environment variables of AWS's clients name them. */
    private static final List<String> SERVICES = List.of("IOT", "IOT_DATA_PLANE", "IOT_JOBS_DATA_PLANE", "STS");

    private ShellEnvironment() {}

    /** In the order in which people read them. */
    static Map<String, String> of(LocalCloud cloud) {
        StateDirectory state = cloud.state();
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ACCESS_KEY_ID", state.credentials().accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", state.credentials().secretAccessKey());
        variables.put("AWS_REGION", state.account().region());
        // The name that version 1 of the AWS CLI reads.
        variables.put("AWS_DEFAULT_REGION", state.account().region());
        for (String service : SERVICES) {
            variables.put(
                    "AWS_ENDPOINT_URL_" + service, cloud.servicesEndpoint().toString());
        }
        variables.put("API_ENDPOINT", cloud.apiEndpoint().toString());
        variables.put("IOT_ENDPOINT", cloud.iotEndpoint());
        String gateways = cloud.gatewayEndpoint();
        if (gateways != null) {
            variables.put("IOT_WSS_ENDPOINT", gateways);
        }
        Path authority = cloud.iotAuthority();
        if (authority != null) {
            variables.put("IOT_CA", authority.toAbsolutePath().toString());
        }
        return variables;
    }
}
