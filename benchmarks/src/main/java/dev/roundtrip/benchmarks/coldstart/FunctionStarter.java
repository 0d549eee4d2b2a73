package dev.roundtrip.benchmarks.coldstart;

import dev.roundtrip.local.lambda.EnvironmentVariables;
import dev.roundtrip.local.lambda.FunctionPackage;
import dev.roundtrip.local.lambda.Idleness;
import dev.roundtrip.local.lambda.RuntimeClient;
import dev.roundtrip.local.lambda.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.crt.CRT;

/** Starts the packaged function under AWS's runtime client, each time in a process of its own, and has it answer one
 * call.
 */
final class FunctionStarter {
    private static final String EVENT = """
            {"resource":"/invoke","path":"/invoke","httpMethod":"GET","headers":{"Accept":"*/*","Host":"127.0.0.1"},\
            "multiValueHeaders":{"Accept":["*/*"],"Host":["127.0.0.1"]},\
            "queryStringParameters":{"target":"DEVICE","method":"echo","request":"hello"},\
            "multiValueQueryStringParameters":{"target":["DEVICE"],"method":["echo"],"request":["hello"]},\
            "pathParameters":null,"stageVariables":null,"requestContext":{"accountId":"123456789012","stage":"Prod",\
            "requestId":"8ea4b7f1","identity":{"sourceIp":"127.0.0.1"},"httpMethod":"GET","path":"/Prod/invoke"},\
            "body":null,"isBase64Encoded":false}""";

    /** What the function prints of its connection, when all is not well with it. */
    static final String CONNECTION_TROUBLE = "\"event\":\"connection\"";

    /** The JVM that makes an AOT cache starts another one for it. */
    private static final long END_LIMIT_SECONDS = 120;

    private static final long KILL_LIMIT_SECONDS = 4;

    private final Path directory;
    private final RuntimeClient client = new RuntimeClient();
    private final FunctionPackage built = FunctionPackage.built();
    private final Map<String, String> variables;
    private final String event;
    private final Map<Variant.Content, Path> tasks = new EnumMap<>(Variant.Content.class);
    private final Map<String, Path> archives = new HashMap<>();

    /** @param directory an empty one, for what the processes need
     * @param variables where the broker is, and who the function is
     * @param device answers the calls
     * @throws IOException when the function is not built, or this machine cannot run it
     */
    FunctionStarter(Path directory, Map<String, String> variables, String device) throws IOException {
        this.directory = directory;
        this.variables = variables;
        this.event = EVENT.replace("DEVICE", device);
        for (Variant.Content content : Variant.Content.values()) {
            tasks.put(content, task(content));
        }
    }

    /** The package, unzipped, with the functions beside it that are its parts. */
    private Path task(Variant.Content content) throws IOException {
        Path root = Files.createDirectory(directory.resolve(content.name()));
        Path lib = Files.createDirectory(root.resolve("lib"));
        List<Path> jars = new ArrayList<>(jars(built.root().resolve("lib")));
        switch (content) {
            case AS_DEPLOYED -> {}
            case LIBRARY_IN_ITS_JAR -> {
                jars.removeIf(jar -> jar.getFileName().toString().startsWith("aws-crt-"));
                jars.add(FunctionPackage.codeSource(CRT.class));
            }
            case WITH_DATES -> jars.add(FunctionPackage.codeSource(dateOfTheRuntimesEvents()));
        }
        for (Path jar : jars) {
            Path link = lib.resolve(jar.getFileName());
            if (Files.notExists(link)) {
                Files.createSymbolicLink(link, jar.toAbsolutePath());
            }
        }
        for (Class<?> part : List.of(NothingHandler.class, EventsHandler.class, TreeHandler.class)) {
            String name = part.getName().replace('.', '/') + ".class";
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            try (var compiled = FunctionStarter.class.getResourceAsStream("/" + name)) {
                if (compiled == null) {
                    throw new IOException("there is no " + name);
                }
                Files.copy(compiled, file);
            }
        }
        return root;
    }

    /** The runtime reads no event without it, and the function that reads its own does not carry it. */
    private static Class<?> dateOfTheRuntimesEvents() throws IOException {
        try {
            return Class.forName("org.joda.time.DateTime");
        } catch (ClassNotFoundException missing) {
            throw new IOException("joda-time is not on the class path", missing);
        }
    }

    private static List<Path> jars(Path lib) throws IOException {
        try (Stream<Path> files = Files.list(lib)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /** Starts a process, and ends it after its first answer.
     *
     * @throws IOException when it does not answer; with what it printed
     */
    Start start(Variant variant) throws IOException, InterruptedException {
        return run(variant, variant.archive().using(archive(variant)));
    }

    private Path archive(Variant variant) throws IOException, InterruptedException {
        Path made = archives.get(variant.name());
        if (made != null || variant.archive() == Archive.NONE) {
            return made == null ? directory : made;
        }
        Path file = directory.resolve("archive-" + archives.size());
        run(variant.training(), variant.archive().making(file));
        if (Files.notExists(file)) {
            throw new IOException("no archive was made for: " + variant.name());
        }
        archives.put(variant.name(), file);
        return file;
    }

    private Start run(Variant variant, List<String> archiving) throws IOException, InterruptedException {
        Path temporary = Files.createTempDirectory(directory, "tmp-");
        Path printed = Files.createTempFile(directory, "printed-", "");
        try (FirstCall call = new FirstCall(event);
                CpuQuota quota = new CpuQuota(variant.cores())) {
            ProcessBuilder builder = new ProcessBuilder(quota.limiting(command(variant, archiving, temporary)))
                    // The runtime client takes it for the root of the package.
                    .directory(root(variant, temporary).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment(variant, call.address(), temporary));
            Process process = call.start(builder);
            try {
                Start start = call.await();
                if (Files.readString(printed).contains(CONNECTION_TROUBLE)) {
                    throw new IOException("it was ready, but not at once connected");
                }
                end(process);
                return start;
            } catch (IOException failed) {
                throw new IOException(
                        variant.name() + ": " + failed.getMessage() + "\n" + Files.readString(printed), failed);
            } finally {
                kill(process);
            }
        }
    }

    private List<String> command(Variant variant, List<String> archiving, Path temporary) throws IOException {
        List<String> flags = new ArrayList<>(variant.flags());
        flags.addAll(archiving);
        return client.command(
                new RuntimeClient.Launch(flags, classPath(variant), variant.handler() + "::handleRequest", temporary));
    }

    private List<Path> classPath(Variant variant) throws IOException {
        return switch (variant.layout()) {
            case MANAGED -> List.of();
            case CLASS_PATH -> jars(built.root().resolve("lib"));
        };
    }

    private Path root(Variant variant, Path temporary) {
        return switch (variant.layout()) {
            case MANAGED -> tasks.getOrDefault(variant.content(), directory);
            case CLASS_PATH -> temporary;
        };
    }

    private Map<String, String> environment(Variant variant, String runtimeApi, Path temporary) {
        Path root = root(variant, temporary);
        Path libraries = switch (variant.content()) {
            case AS_DEPLOYED, WITH_DATES -> built.nativeLibraries();
            case LIBRARY_IN_ITS_JAR -> root;
        };
        RuntimeSettings.Scale scale = new RuntimeSettings.Scale(1, 1, Idleness.AWAKE, variant.initialization());
        FunctionPackage function = new FunctionPackage(root, variant.handler() + "::handleRequest", libraries);
        return EnvironmentVariables.of(
                new RuntimeSettings(function, variables, scale, line -> {}), 1, runtimeApi, temporary);
    }

    /** Lets it write what it has to write. */
    private static void end(Process process) throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the function did not end within " + END_LIMIT_SECONDS + " s");
        }
    }

    /** Whatever is still there of it, when this process is to end as well. */
    private static void kill(Process process) {
        List<ProcessHandle> left = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        left.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(left.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, KILL_LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
