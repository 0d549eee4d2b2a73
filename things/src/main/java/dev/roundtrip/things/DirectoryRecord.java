package dev.roundtrip.things;

/** What a directory of things has in common.
 *
 * @param id chosen at random; it stands in the policy's name and in an attribute of each thing, and so tells what this
 *     directory made from everything else of the account
 * @param where where the things are
 * @param topic what they may publish to and listen to
 * @param isPolicyRequested whether the policy may be there
 */
record DirectoryRecord(String id, AccountRegion where, TopicRoot topic, boolean isPolicyRequested) {

    /** The policy of all things of the directory. */
    String policyName() {
        return "things-" + id;
    }

    DirectoryRecord withPolicy(boolean isRequested) {
        return new DirectoryRecord(id, where, topic, isRequested);
    }
}
