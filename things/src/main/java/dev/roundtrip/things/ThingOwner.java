package dev.roundtrip.things;

import java.util.OptionalLong;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.DescribeThingResponse;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;

/** Tells whether the thing of a name was made by a directory. */
final class ThingOwner {
    private ThingOwner() {}

    static boolean isOurs(IotClient iot, String name, DirectoryRecord directory) {
        return versionOfOurs(iot, name, directory).isPresent();
    }

    /** The version of a thing that the directory made; empty when there is no thing, or one that somebody else made. */
    static OptionalLong versionOfOurs(IotClient iot, String name, DirectoryRecord directory) {
        try {
            DescribeThingResponse thing = iot.describeThing(request -> request.thingName(name));
            boolean isOurs = thing.hasAttributes()
                    && directory.id().equals(thing.attributes().get(Creation.MADE_BY));
            return isOurs ? OptionalLong.of(thing.version()) : OptionalLong.empty();
        } catch (ResourceNotFoundException none) {
            return OptionalLong.empty();
        }
    }
}
