package dev.roundtrip.things;

/** The policy of all things of a directory. Policy variables stand for the thing that connects, so that one policy does
 * for all: AWS IoT keeps the number of policies and of their attachments small, and there is one to delete.
 */
final class ThingsPolicy {
    private ThingsPolicy() {}

    /** Connect as a thing that the certificate is attached to; publish, subscribe and receive at and below the topic.
     */
    static String document(DirectoryRecord directory) {
        AccountRegion where = directory.where();
        return """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "iot:Connect",
                  "Resource": "%1$s",
                  "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": "true"}}
                },
                {
                  "Effect": "Allow",
                  "Action": ["iot:Publish", "iot:Receive"],
                  "Resource": ["%2$s", "%2$s/*"]
                },
                {
                  "Effect": "Allow",
                  "Action": "iot:Subscribe",
                  "Resource": ["%3$s", "%3$s/*"]
                }
              ]
            }
            """.formatted(
                        where.arn("client/${iot:Connection.Thing.ThingName}"),
                        where.arn("topic/" + directory.topic()),
                        where.arn("topicfilter/" + directory.topic()));
    }
}
