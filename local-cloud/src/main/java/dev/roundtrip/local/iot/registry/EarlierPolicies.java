package dev.roundtrip.local.iot.registry;

import dev.roundtrip.protocol.ClientPrefix;
import java.util.List;

/** The policies that earlier versions made, so that they can be told from those that a person edited. */
public final class EarlierPolicies {
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

    private static final String THING = """
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
            }""";

    /** Without the topics of shadow, jobs and commands. */
    private static final String THING_THAT_ANSWERS = """
            {
              "Effect": "Allow",
              "Action": "iot:Connect",
              "Resource": "arn:aws:iot:*:ACCOUNT:client/${iot:Connection.Thing.ThingName}",
              "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": "true"}}
            },
            {
              "Effect": "Allow",
              "Action": "iot:Subscribe",
              "Resource": "arn:aws:iot:*:ACCOUNT:topicfilter/${iot:Connection.Thing.ThingName}/*"
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

    private EarlierPolicies() {}

    /** What was made for a thing: at first, and before shadow, jobs and commands. */
    public static List<String> ofThing(ClientPrefix prefix) {
        return List.of(PolicyDocuments.document(THING, prefix), PolicyDocuments.document(THING_THAT_ANSWERS, prefix));
    }

    /** What was made for the gateway: before there was a data plane, and after. */
    public static List<String> ofGateway(ClientPrefix prefix) {
        return List.of(
                PolicyDocuments.document(MESSAGES, prefix),
                PolicyDocuments.document(MESSAGES + ",\n" + DATA_PLANE, prefix));
    }
}
