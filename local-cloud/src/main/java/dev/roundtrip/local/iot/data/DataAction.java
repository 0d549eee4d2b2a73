package dev.roundtrip.local.iot.data;

/** What an IAM policy may allow on a connection; the resource is the client. */
public enum DataAction {
    SEND_DIRECT_MESSAGE("iot:SendDirectMessage"),
    GET_CONNECTION("iot:GetConnection"),
    LIST_SUBSCRIPTIONS("iot:ListSubscriptions"),
    DELETE_CONNECTION("iot:DeleteConnection");

    private final String iamName;

    DataAction(String iamName) {
        this.iamName = iamName;
    }

    /** As policies write it. */
    public String iamName() {
        return iamName;
    }
}
