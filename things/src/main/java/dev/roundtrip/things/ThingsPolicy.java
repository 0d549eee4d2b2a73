package dev.roundtrip.things;

/** The policy of all things of a directory. Policy variables stand for the thing that connects, so that one policy does
 * for all: AWS IoT keeps the number of policies and of their attachments small, and there is one to delete.
 */
final class ThingsPolicy {
    private static final String DOCUMENT = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "iot:Connect",
                  "Resource": "<client>",
                  "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": "true"}}
                },
                {
                  "Effect": "Allow",
                  "Action": ["iot:Publish", "iot:Receive"],
                  "Resource": ["<topic>", "<topic>/*"]
                },
                {
                  "Effect": "Allow",
                  "Action": "iot:Subscribe",
                  "Resource": ["<filter>", "<filter>/*"]
                }
              ]
            }
            """;

    private ThingsPolicy() {}

    /** Connect as the thing that the certificate is attached to exclusively, with a run behind its name; publish,
     * subscribe and receive at and below the topic.
     */
    static String document(DirectoryRecord directory) {
        AccountRegion where = directory.where();
        return DOCUMENT.replace(
                        "<client>", where.arn("client/" + ThingLogin.anyClientId("${iot:Connection.Thing.ThingName}")))
                .replace("<topic>", where.arn("topic/" + directory.topic()))
                .replace("<filter>", where.arn("topicfilter/" + directory.topic()));
    }
}
