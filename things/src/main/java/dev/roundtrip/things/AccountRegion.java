package dev.roundtrip.things;

/** Where things are registered.
 *
 * @param partition such as {@code aws}
 * @param account 12 digits
 * @param region such as {@code eu-central-1}
 */
record AccountRegion(String partition, String account, String region) {

    /** The ARN of a resource of AWS IoT.
     *
     * @param resource such as {@code cert/ID}
     */
    String arn(String resource) {
        return "arn:" + partition + ":iot:" + region + ":" + account + ":" + resource;
    }

    @Override
    public String toString() {
        return "account " + account + ", region " + region;
    }
}
