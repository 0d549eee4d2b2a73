package dev.roundtrip.device.transport;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;

/** Says what to do about an error of the AWS Common Runtime. */
final class ConnectFailure {
    private ConnectFailure() {}

    /** One sentence about a connection that did not come about. */
    static String advice(Login login, int errorCode) {
        String name = CRT.awsErrorName(errorCode);
        String where = login.endpoint().toString();
        String what = switch (name) {
            case "AWS_IO_DNS_QUERY_FAILED", "AWS_IO_DNS_INVALID_NAME", "AWS_IO_DNS_NO_ADDRESS_FOR_HOST" ->
                "the name " + login.endpoint().host() + " does not resolve: check the endpoint";
            case "AWS_IO_SOCKET_CONNECTION_REFUSED" ->
                "nobody listens at " + where + ": start the broker, or check the endpoint";
            case "AWS_IO_SOCKET_TIMEOUT", "AWS_IO_SOCKET_NO_ROUTE_TO_HOST", "AWS_IO_SOCKET_NETWORK_DOWN" ->
                "cannot reach " + where + ": check the endpoint, the network and its firewalls";
            case "AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE", "AWS_IO_TLS_NEGOTIATION_TIMEOUT" ->
                "no TLS with " + where + ": check that the CA file is the authority of the broker's certificate, that "
                        + login.endpoint().host()
                        + " is a name in it, and that the broker knows the device's certificate";
            case "AWS_ERROR_MQTT_TIMEOUT", "AWS_ERROR_MQTT5_CONNACK_TIMEOUT" ->
                where + " does not answer in MQTT: check that it is the broker's port for devices";
            case "AWS_ERROR_MQTT_UNEXPECTED_HANGUP",
                    "AWS_ERROR_MQTT_PROTOCOL_ERROR",
                    "AWS_IO_SOCKET_CLOSED",
                    "AWS_IO_TLS_ERROR_READ_FAILURE",
                    "AWS_IO_TLS_ALERT_NOT_GRACEFUL" ->
                where + " does not let in " + login.clientId()
                        + ": check that the certificate is known and active, and that its policy allows iot:Connect as"
                        + " client "
                        + login.clientId();
            default -> "cannot connect to " + where + ": " + CRT.awsErrorString(errorCode);
        };
        return what + " (" + name + ")";
    }

    /** One sentence about a CONNACK that says no. */
    static String refusal(Login login, Object reason) {
        return login.endpoint() + " refuses " + login.clientId() + ": " + reason
                + "; check that the certificate's policy allows iot:Connect as client " + login.clientId();
    }

    /** One sentence about a connection that is gone. */
    static String lost(int errorCode) {
        return CRT.awsErrorString(errorCode) + " (" + CRT.awsErrorName(errorCode) + ")";
    }

    /** One sentence about a subscription that the broker does not grant. */
    static String subscriptionRefused(Login login, String filter, @Nullable Object reason) {
        return login.endpoint() + " does not let " + login.clientId() + " subscribe to " + filter + ": " + reason
                + "; check that its policy allows iot:Subscribe to that filter";
    }

    /** One sentence about an answer that the broker does not take. */
    static String publishRefused(Login login, Object topic, Object reason) {
        return login.endpoint() + " does not take " + login.clientId() + "'s answer on " + topic + ": " + reason
                + "; check that its policy allows iot:Publish to that topic";
    }
}
