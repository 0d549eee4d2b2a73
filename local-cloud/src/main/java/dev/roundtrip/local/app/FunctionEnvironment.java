package dev.roundtrip.local.app;

import dev.roundtrip.mqtt.Broker;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables that the function has in a local cloud. */
final class FunctionEnvironment {
    private FunctionEnvironment() {}

    /** Those that lead to the broker, and those of the settings, which win.
     *
     * @param broker null when it is another
     */
    static Map<String, String> of(Foundation foundation, @Nullable Broker broker) {
        LocalCloudSettings settings = foundation.settings();
        StateDirectory state = foundation.state();
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", state.account().region());
        environment.put("CLIENT_ID_PREFIX", settings.prefix().value());
        switch (settings.broker()) {
            case LocalCloudSettings.BrokerChoice.Own own -> {
                environment.put("WSS_ENDPOINT", LocalCloud.HOST + ":" + (broker == null ? 0 : broker.gatewayPort()));
                if (own.limits().rates().publishesPerConnection() == 0) {
                    // The quota that the function keeps to is not there.
                    environment.put("MAX_REQUESTS_PER_SECOND", "unlimited");
                }
                environment.put(
                        "BROKER_CA_FILE", state.authorityFile().toAbsolutePath().toString());
            }
            case LocalCloudSettings.BrokerChoice.Other other -> {
                environment.put("WSS_ENDPOINT", other.endpoint());
                environment.put("MAX_REQUESTS_PER_SECOND", "unlimited");
                if (other.authority() != null) {
                    environment.put(
                            "BROKER_CA_FILE", other.authority().toAbsolutePath().toString());
                }
            }
        }
        environment.putAll(settings.function());
        return environment;
    }
}
