package dev.roundtrip.local.iot.registry;

import dev.roundtrip.protocol.ClientPrefix;
import java.util.ArrayList;
import java.util.List;

/** The policies that the contract asks for, each with the least that its holder needs.
 *
 * <p>The statements are those of {@code template.yaml} and {@code device-simulator/template.yaml};
 * {@code PolicyDocumentsTest} compares them. Regions are left open, so that a thing outlives a change of region.
 */
public final class PolicyDocuments {
    private static final String MESSAGES = """
            {
              "Sid": "ConnectAsItself",
              "Effect": "Allow",
              "Action": "iot:Connect",
              "Resource": "arn:aws:iot:*:ACCOUNT:client/PREFIX.*"
            },
            {
              "Sid": "SendRequests",
              "Effect": "Allow",
              "Action": "iot:Publish",
              "Resource": "arn:aws:iot:*:ACCOUNT:topic/*/*/PREFIX/*"
            },
            {
              "Sid": "ListenForAnswers",
              "Effect": "Allow",
              "Action": "iot:Subscribe",
              "Resource": "arn:aws:iot:*:ACCOUNT:topicfilter/PREFIX/*/ack"
            },
            {
              "Sid": "ReceiveAnswers",
              "Effect": "Allow",
              "Action": "iot:Receive",
              "Resource": "arn:aws:iot:*:ACCOUNT:topic/PREFIX/*/ack"
            },
            {
              "Sid": "NeverAnswer",
              "Effect": "Deny",
              "Action": "iot:Publish",
              "Resource": [
                "arn:aws:iot:*:ACCOUNT:topic/*/ack",
                "arn:aws:iot:*:ACCOUNT:topic/$aws/*"
              ]
            }""";

    private static final String DIRECT_MESSAGES = """
            {
              "Sid": "SendRequestsByName",
              "Effect": "Allow",
              "Action": "iot:SendDirectMessage",
              "Resource": "arn:aws:iot:*:ACCOUNT:client/*",
              "Condition": {
                "StringLike": {"iot:Topic": "*/*/PREFIX/*"},
                "StringNotLike": {"iot:Topic": "*/ack"}
              }
            }""";

    private static final String CONNECTIONS = """
            {
              "Sid": "AskWhetherConnected",
              "Effect": "Allow",
              "Action": "iot:GetConnection",
              "Resource": "arn:aws:iot:*:ACCOUNT:client/*"
            }""";

    private static final String SUBSCRIPTIONS = """
            {
              "Sid": "AskWhetherSubscribed",
              "Effect": "Allow",
              "Action": "iot:ListSubscriptions",
              "Resource": "arn:aws:iot:*:ACCOUNT:client/*"
            }""";

    private static final String THING = """
            {
              "Effect": "Allow",
              "Action": "iot:Connect",
              "Resource": "arn:aws:iot:*:ACCOUNT:client/${iot:Connection.Thing.ThingName}",
              "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": "true"}}
            },
            {
              "Effect": "Allow",
              "Action": "iot:Subscribe",
              "Resource": [
                "arn:aws:iot:*:ACCOUNT:topicfilter/${iot:Connection.Thing.ThingName}/*",
                "arn:aws:iot:*:ACCOUNT:topicfilter/$aws/things/${iot:Connection.Thing.ThingName}/shadow/*",
                "arn:aws:iot:*:ACCOUNT:topicfilter/$aws/things/${iot:Connection.Thing.ThingName}/jobs/*",
                "arn:aws:iot:*:ACCOUNT:topicfilter/$aws/commands/things/${iot:Connection.Thing.ThingName}/executions/*"
              ]
            },
            {
              "Effect": "Allow",
              "Action": ["iot:Publish", "iot:Receive"],
              "Resource": [
                "arn:aws:iot:*:ACCOUNT:topic/$aws/things/${iot:Connection.Thing.ThingName}/shadow/*",
                "arn:aws:iot:*:ACCOUNT:topic/$aws/things/${iot:Connection.Thing.ThingName}/jobs/*",
                "arn:aws:iot:*:ACCOUNT:topic/$aws/commands/things/${iot:Connection.Thing.ThingName}/executions/*"
              ]
            },
            {
              "Effect": "Allow",
              "Action": "iot:Receive",
              "Resource": "arn:aws:iot:*:ACCOUNT:topic/${iot:Connection.Thing.ThingName}/*/PREFIX/*"
            },
            {
              "Effect": "Deny",
              "Action": "iot:Receive",
              "Resource": "arn:aws:iot:*:ACCOUNT:topic/*/ack"
            },
            {
              "Effect": "Allow",
              "Action": "iot:Publish",
              "Resource": "arn:aws:iot:*:ACCOUNT:topic/PREFIX/*/${iot:Connection.Thing.ThingName}/*/ack"
            }""";

    private PolicyDocuments() {}

    /** For every thing the same: connect as itself, hear the requests of this deployment, and answer them for itself
     * alone.
     */
    public static String ofThing(ClientPrefix prefix) {
        return document(THING, prefix);
    }

    /** For the gateway's role: connect under its prefix, send requests, hear its answers, and what the parameters
     * allow.
     */
    public static String ofGateway(GatewayRole role) {
        List<String> statements = new ArrayList<>(List.of(MESSAGES));
        if (role.deliversDirectly()) {
            statements.add(DIRECT_MESSAGES);
        }
        if (role.asksForConnections()) {
            statements.add(CONNECTIONS);
        }
        if (role.asksForSubscriptions()) {
            statements.add(SUBSCRIPTIONS);
        }
        return document(String.join(",\n", statements), role.prefix());
    }

    /** A document of these statements, for one account and deployment. */
    static String document(String statements, ClientPrefix prefix) {
        String document = """
                {
                  "Version": "2012-10-17",
                  "Statement": [
                """ + statements.indent(4) + """
                  ]
                }
                """;
        return document.replace("ACCOUNT", Account.ID).replace("PREFIX", prefix.value());
    }
}
