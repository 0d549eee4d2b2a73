package dev.roundtrip.benchmarks.coldstart;

import dev.roundtrip.local.lambda.Initialization;
import dev.roundtrip.local.lambda.RuntimeClient;
import java.util.List;

/** One way to start a function.
 *
 * @param name for the table
 * @param handler the function's class
 * @param flags of the JVM
 * @param layout where the JVM finds the function
 * @param archive what it finds prepared
 * @param content what the package has
 * @param cores how much of the processors it gets; 0 for all there are
 * @param initialization whether it is started, or comes out of a snapshot
 */
record Variant(
        String name,
        String handler,
        List<String> flags,
        Layout layout,
        Archive archive,
        Content content,
        double cores,
        Initialization initialization) {
    private static final String FUNCTION = "dev.roundtrip.invoke.lambda.StreamHandler";
    private static final String WITH_EVENTS = "dev.roundtrip.invoke.lambda.InvokeHandler";

    /** Of AWS Lambda's java25 with SnapStart; source: AWS Lambda developer guide, "Customize Java runtime startup
     * behavior".
     */
    private static final List<String> ALL_COMPILERS = List.of("-XX:+UseSerialGC");

    /** What AWS Lambda gives to 590 MB; source: AWS Lambda developer guide, "Configure function memory", 1,769 MB have
     * one vCPU.
     */
    private static final double THIRD = 1.0 / 3;

    /** Where the JVM finds the function. */
    enum Layout {
        /** As on AWS Lambda's own runtimes: a class loader of the runtime client's finds it in the package. */
        MANAGED,
        /** As in a container image: on the class path. */
        CLASS_PATH
    }

    /** What the package has. */
    enum Content {
        AS_DEPLOYED,
        /** The Common Runtime's own jar, with its native library for every platform. */
        LIBRARY_IN_ITS_JAR,
        /** The library of dates besides, without which the runtime reads no event. */
        WITH_DATES
    }

    /** As the template deploys it, without a snapshot. */
    static final Variant DEPLOYED = new Variant(
            "as deployed, no snapshot",
            FUNCTION,
            RuntimeClient.MANAGED_FLAGS,
            Layout.MANAGED,
            Archive.NONE,
            Content.AS_DEPLOYED,
            0,
            Initialization.ON_DEMAND);

    /** All that are measured, the one that others differ from first. */
    static List<Variant> all() {
        Variant allCompilers = DEPLOYED.named("all compilers").with(ALL_COMPILERS);
        Variant snapshot = allCompilers.restored();
        Variant classPath = DEPLOYED.named("on the class path").with(Layout.CLASS_PATH);
        Variant aotCache = classPath.named("AOT cache").with(Archive.AOT_CACHE);
        return List.of(
                DEPLOYED,
                DEPLOYED.named("runtime reads the events").calling(WITH_EVENTS).with(Content.WITH_DATES),
                DEPLOYED.named("native library in its jar").with(Content.LIBRARY_IN_ITS_JAR),
                allCompilers,
                DEPLOYED.named("one core").on(1),
                DEPLOYED.named("a third of a core").on(THIRD),
                DEPLOYED.named("AOT cache, as in java25").with(Archive.AOT_CACHE_OF_RUNTIME),
                classPath,
                classPath.named("class archive").with(Archive.CLASSES),
                aotCache,
                aotCache.named("AOT cache, one core").on(1),
                aotCache.named("AOT cache, a third of a core").on(THIRD),
                snapshot.named("from its snapshot"),
                snapshot.named("from its snapshot, a third of a core").on(THIRD),
                part("runtime alone", NothingHandler.class),
                part("runtime and its events", EventsHandler.class).with(Content.WITH_DATES),
                part("runtime and databind", TreeHandler.class));
    }

    private static Variant part(String name, Class<?> handler) {
        return DEPLOYED.named("part: " + name).calling(handler.getName());
    }

    private Variant named(String other) {
        return new Variant(other, handler, flags, layout, archive, content, cores, initialization);
    }

    private Variant calling(String other) {
        return new Variant(name, other, flags, layout, archive, content, cores, initialization);
    }

    private Variant with(List<String> other) {
        return new Variant(name, handler, other, layout, archive, content, cores, initialization);
    }

    private Variant with(Layout other) {
        return new Variant(name, handler, flags, other, archive, content, cores, initialization);
    }

    private Variant with(Archive other) {
        return new Variant(name, handler, flags, layout, other, content, cores, initialization);
    }

    private Variant with(Content other) {
        return new Variant(name, handler, flags, layout, archive, other, cores, initialization);
    }

    private Variant on(double other) {
        return new Variant(name, handler, flags, layout, archive, content, other, initialization);
    }

    private Variant restored() {
        return new Variant(name, handler, flags, layout, archive, content, cores, Initialization.SNAP_START);
    }

    /** The same, started to make what it shall find prepared. */
    Variant training() {
        return archive == Archive.AOT_CACHE_OF_RUNTIME ? calling(NothingHandler.class.getName()) : this;
    }
}
