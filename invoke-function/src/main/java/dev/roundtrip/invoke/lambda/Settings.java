package dev.roundtrip.invoke.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.roundtrip.invoke.TimeLimits;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.Listening;
import dev.roundtrip.invoke.mqtt.RequestRate;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MalformedNameException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the function is told by its environment variables.
 *
 * @param broker {@code WSS_ENDPOINT}, {@code AWS_REGION} and {@code BROKER_CA_FILE}
 * @param prefix {@code CLIENT_ID_PREFIX}
 * @param limits {@code DEFAULT_TIMEOUT_SECONDS} and {@code MAX_TIMEOUT_SECONDS}
 * @param listening {@code ACK_SUBSCRIPTION}
 * @param delivery {@code DELIVERY}
 * @param maxCallsInFlight {@code MAX_CALLS_IN_FLIGHT}
 * @param maxDirectMessages {@code MAX_DIRECT_MESSAGES}
 * @param rate {@code MAX_REQUESTS_PER_SECOND}
 */
public record Settings(
        BrokerAddress broker,
        ClientPrefix prefix,
        TimeLimits limits,
        Listening listening,
        DeliveryMode delivery,
        int maxCallsInFlight,
        int maxDirectMessages,
        RequestRate rate) {
    /** Every environment variable that is a setting, in the order of docs/settings.md. */
    public static final List<String> NAMES = List.of(
            "WSS_ENDPOINT",
            "CLIENT_ID_PREFIX",
            "AWS_REGION",
            "DEFAULT_TIMEOUT_SECONDS",
            "MAX_TIMEOUT_SECONDS",
            "ACK_SUBSCRIPTION",
            "DELIVERY",
            "MAX_CALLS_IN_FLIGHT",
            "MAX_DIRECT_MESSAGES",
            "MAX_REQUESTS_PER_SECOND",
            "BROKER_CA_FILE");

    /** One second below what API Gateway waits for, unless its quota is raised. */
    private static final int MAX_TIMEOUT_SECONDS = 28;

    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    /** The longest that AWS Lambda lets a function run, in seconds. */
    private static final int LAMBDA_LIMIT_SECONDS = 900;

    /** AWS IoT Core allows a connection 50 subscriptions, of which one or two are the spare that the next call uses.
     * Source: AWS General
     * Reference, "AWS IoT Core message broker and protocol limits and quotas", subscriptions per connection. */
    private static final int PER_CALL_IN_FLIGHT = 48;

    /** More than one connection carries in a second, so that a flood is told to slow down before it fills the memory.
     */
    private static final int SHARED_IN_FLIGHT = 20_000;

    /** Our choice: each holds a connection until its device has confirmed it, and after a freeze those of before may
     * still be open. Twice as many, and what the rest of the process opens, must find room in 1,024 file descriptors.
     * Source: AWS Lambda developer guide, "Lambda quotas", file descriptors.
     */
    private static final int DIRECT_MESSAGES = 300;

    /** What AWS IoT Core carries for one connection in a second, in and out; it discards what exceeds that. Source: AWS
     * IoT Core protocol limits,
     * "Publish requests per second per connection". */
    private static final int PUBLISHES_PER_SECOND = 100;

    /** Our choice: the times of so many requests are remembered. */
    private static final int MAX_RATE = 100_000;

    private static final String UNLIMITED = "unlimited";

    private static final int MAX_CALLS_LIMIT = 1_000_000;

    /** How AWS Lambda came to start this; source: AWS Lambda developer guide, "Defined runtime environment variables".
     */
    private static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

    private static final int HTTPS_PORT = 443;
    private static final Pattern ENDPOINT =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([a-zA-Z0-9.-]+))(?::([0-9]{1,5}))?");

    private static int callsInFlight(Listening listening) {
        return switch (listening) {
            case PER_CALL -> PER_CALL_IN_FLIGHT;
            case SHARED, INSTANCE -> SHARED_IN_FLIGHT;
        };
    }

    /** With every request that is published comes an answer; direct messages do not go over the connection. */
    private static int requestsPerSecond(DeliveryMode delivery) {
        return switch (delivery) {
            case PUBLISH -> PUBLISHES_PER_SECOND / 2;
            case DIRECT -> PUBLISHES_PER_SECOND;
        };
    }

    /** Whether a call waits for this process to start: AWS Lambda starts it for a call, and not ahead of calls or for a
     * snapshot.
     *
     * @param environment the environment variables
     */
    static boolean isStartAwaited(Map<String, String> environment) {
        return "on-demand".equals(environment.get(INITIALIZATION_TYPE));
    }

    /** Reads the environment.
     *
     * @throws InvalidSettingException when a setting is missing or malformed
     */
    public static Settings from(Map<String, String> environment) {
        Reader reader = new Reader(environment);
        int max = reader.number("MAX_TIMEOUT_SECONDS", MAX_TIMEOUT_SECONDS, LAMBDA_LIMIT_SECONDS);
        int byDefault = reader.number("DEFAULT_TIMEOUT_SECONDS", Math.min(DEFAULT_TIMEOUT_SECONDS, max), max);
        Listening listening = reader.listening();
        DeliveryMode delivery = reader.delivery();
        return new Settings(
                reader.broker(),
                reader.required("CLIENT_ID_PREFIX", ClientPrefix::new),
                new TimeLimits(Duration.ofSeconds(byDefault), Duration.ofSeconds(max)),
                listening,
                delivery,
                reader.number("MAX_CALLS_IN_FLIGHT", callsInFlight(listening), MAX_CALLS_LIMIT),
                reader.number("MAX_DIRECT_MESSAGES", DIRECT_MESSAGES, MAX_CALLS_LIMIT),
                reader.rate(requestsPerSecond(delivery)));
    }

    private record Reader(Map<String, String> environment) {

        @Nullable String optional(String name) {
            String value = environment.get(name);
            return value == null || value.isBlank() ? null : value;
        }

        <T> T required(String name, Function<String, T> type) {
            String value = optional(name);
            if (value == null) {
                throw new InvalidSettingException(name + " is not set; set it in the function's environment variables");
            }
            try {
                return type.apply(value);
            } catch (MalformedNameException malformed) {
                throw new InvalidSettingException(name + " is malformed: " + malformed.getMessage());
            }
        }

        int number(String name, int byDefault, int max) {
            String value = optional(name);
            if (value == null) {
                return byDefault;
            }
            int number = value.matches("[0-9]{1,7}") ? Integer.parseInt(value) : 0;
            if (number < 1 || number > max) {
                throw new InvalidSettingException(
                        name + " must be a whole number from 1 to " + max + ", but is '" + value + "'");
            }
            return number;
        }

        RequestRate rate(int byDefault) {
            String name = "MAX_REQUESTS_PER_SECOND";
            String value = optional(name);
            if (value == null) {
                return new RequestRate.PerSecond(byDefault);
            }
            if (value.equals(UNLIMITED)) {
                return new RequestRate.Unlimited();
            }
            int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
            if (number < 1 || number > MAX_RATE) {
                throw new InvalidSettingException(name + " must be a whole number from 1 to " + MAX_RATE + ", or "
                        + UNLIMITED + ", but is '" + value + "'");
            }
            return new RequestRate.PerSecond(number);
        }

        BrokerAddress broker() {
            String endpoint = required("WSS_ENDPOINT", Function.identity());
            Matcher parts = ENDPOINT.matcher(endpoint);
            if (!parts.matches()) {
                throw new InvalidSettingException(
                        "WSS_ENDPOINT must be HOST or HOST:PORT without scheme and path, but is '" + endpoint + "'");
            }
            int port = parts.group(3) == null ? HTTPS_PORT : Integer.parseInt(parts.group(3));
            if (port < 1 || port > 65535) {
                throw new InvalidSettingException(
                        "WSS_ENDPOINT must have a port from 1 to 65535, but is '" + endpoint + "'");
            }
            String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
            return new BrokerAddress(host, port, required("AWS_REGION", Function.identity()), authority());
        }

        private @Nullable Path authority() {
            String file = optional("BROKER_CA_FILE");
            if (file == null) {
                return null;
            }
            try {
                Path path = Path.of(file);
                if (hasCertificate(Files.readString(path, ISO_8859_1))) {
                    return path;
                }
            } catch (IOException | InvalidPathException unreadable) {
                throw new InvalidSettingException("BROKER_CA_FILE names a file that cannot be read: '" + file + "'");
            }
            throw new InvalidSettingException("BROKER_CA_FILE must name a PEM file with the certificate of the broker's"
                    + " authority, but there is none in '" + file + "'");
        }

        /** What is between these lines is left to the TLS library, which reads it when it connects. */
        private static boolean hasCertificate(String pem) {
            int begin = pem.indexOf("-----BEGIN CERTIFICATE-----");
            return begin >= 0 && pem.indexOf("-----END CERTIFICATE-----", begin) > 0;
        }

        DeliveryMode delivery() {
            String value = optional("DELIVERY");
            if (value == null) {
                return DeliveryMode.PUBLISH;
            }
            return switch (value) {
                case "publish" -> DeliveryMode.PUBLISH;
                case "direct" -> DeliveryMode.DIRECT;
                default ->
                    throw new InvalidSettingException("DELIVERY must be publish or direct, but is '" + value + "'");
            };
        }

        Listening listening() {
            String value = optional("ACK_SUBSCRIPTION");
            if (value == null) {
                return byInitialization();
            }
            return switch (value) {
                case "per-call" -> Listening.PER_CALL;
                case "shared" -> Listening.SHARED;
                case "instance" -> Listening.INSTANCE;
                default ->
                    throw new InvalidSettingException(
                            "ACK_SUBSCRIPTION must be per-call, shared or instance, but is '" + value + "'");
            };
        }

        /** Hundreds of environments of AWS Lambda share a prefix; a managed instance, or a process elsewhere, serves
         * many calls by itself.
         */
        private Listening byInitialization() {
            String type = optional(INITIALIZATION_TYPE);
            return type == null || type.equals("lambda-managed-instances") ? Listening.SHARED : Listening.PER_CALL;
        }
    }
}
