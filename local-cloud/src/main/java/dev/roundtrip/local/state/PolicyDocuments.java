package dev.roundtrip.local.state;

import dev.roundtrip.protocol.ClientPrefix;

/** The policies that the contract asks for, each with the least its holder needs. */
final class PolicyDocuments {
    private static final String MESSAGES = """
                    {
                      "Effect": "Allow",
                      "Action": "iot:Connect",
                      "Resource": "arn:aws:iot:*:ACCOUNT:client/PREFIX_*"
                    },
                    {
                      "Effect": "Allow",
                      "Action": "iot:Subscribe",
                      "Resource": "arn:aws:iot:*:ACCOUNT:topicfilter/PREFIX/*"
                    },
                    {
                      "Effect": "Allow",
                      "Action": "iot:Receive",
                      "Resource": "arn:aws:iot:*:ACCOUNT:topic/PREFIX/*"
                    },
                    {
                      "Effect": "Allow",
                      "Action": "iot:Publish",
                      "Resource": "arn:aws:iot:*:ACCOUNT:topic/*/*/PREFIX/*"
                    },
                    {
                      "Effect": "Deny",
                      "Action": "iot:Publish",
                      "Resource": "arn:aws:iot:*:ACCOUNT:topic/$aws/*"
                    }""";

    private static final String DATA_PLANE = """
                    {
                      "Effect": "Allow",
                      "Action": "iot:SendDirectMessage",
                      "Resource": "arn:aws:iot:*:ACCOUNT:client/*",
                      "Condition": {"StringLike": {"iot:Topic": "*/*/PREFIX/*"}}
                    },
                    {
                      "Effect": "Allow",
                      "Action": ["iot:GetConnection", "iot:ListSubscriptions"],
                      "Resource": "arn:aws:iot:*:ACCOUNT:client/*"
                    }""";

    private PolicyDocuments() {}

    /** For every thing the same: connect as itself, listen under its name, and answer for itself alone. Regions are left open, so that a thing outlives a change of region. */
    static String ofThing(ClientPrefix prefix) {
        return """
                {
                  "Version": "2012-10-17",
                  "Statement": [
                    {
                      "Effect": "Allow",
                      "Action": "iot:Connect",
                      "Resource": "arn:aws:iot:*:ACCOUNT:client/${iot:Connection.Thing.ThingName}"
                    },
                    {
                      "Effect": "Allow",
                      "Action": "iot:Subscribe",
                      "Resource": "arn:aws:iot:*:ACCOUNT:topicfilter/${iot:Connection.Thing.ThingName}/*"
                    },
                    {
                      "Effect": "Allow",
                      "Action": "iot:Receive",
                      "Resource": "arn:aws:iot:*:ACCOUNT:topic/${iot:Connection.Thing.ThingName}/*"
                    },
                    {
                      "Effect": "Allow",
                      "Action": "iot:Publish",
                      "Resource": "arn:aws:iot:*:ACCOUNT:topic/PREFIX/*/${iot:Connection.Thing.ThingName}/*/ack"
                    }
                  ]
                }
                """.replace("ACCOUNT", Account.ID).replace("PREFIX", prefix.value());
    }

    /** For the gateway's role: connect under its prefix, hear its answers, ask any device, and know whether it is there. */
    static String ofGateway(ClientPrefix prefix) {
        return ofGateway(MESSAGES + ",\n" + DATA_PLANE, prefix);
    }

    /** What was made for the gateway before there was a data plane. */
    static String earlierOfGateway(ClientPrefix prefix) {
        return ofGateway(MESSAGES, prefix);
    }

    private static String ofGateway(String statements, ClientPrefix prefix) {
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
