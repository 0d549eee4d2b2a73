package dev.roundtrip.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/** AWS's runtime interface client for Java, and how a JVM is started with it as AWS Lambda starts one. */
public final class RuntimeClient {
    /** The flags of AWS Lambda's own Java runtimes; source: AWS Lambda developer guide, "Customize Java runtime startup
     * behavior".
     */
    public static final List<String> MANAGED_FLAGS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final String PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private final String classPath;

    /** @throws IOException when a part of it has no file of its own */
    public RuntimeClient() throws IOException {
        StringBuilder path = new StringBuilder();
        for (Class<?> type :
                List.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class)) {
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(FunctionPackage.codeSource(type));
        }
        this.classPath = path.toString();
    }

    /** How one JVM is started.
     *
     * @param flags of the JVM
     * @param classPath beside the client's own, each after a separator; empty where the client loads the function by
     *     itself, as on AWS Lambda's own runtimes
     * @param handler {@code class::method}
     * @param temporary the directory that is {@code /tmp} to the process
     */
    public record Launch(List<String> flags, List<Path> classPath, String handler, Path temporary) {}

    List<String> command(String handler, Path temporary) throws IOException {
        return command(new Launch(MANAGED_FLAGS, List.of(), handler, temporary));
    }

    /** The command line. It says no secret: those are in the environment.
     *
     * @throws IOException when the client's native library cannot be written there; it would else be shared with every
     *     other environment
     */
    public List<String> command(Launch launch) throws IOException {
        Path library = launch.temporary().resolve("libaws-lambda-jni.so");
        String machine = FunctionPackage.architecture().equals("arm64") ? "aarch_64" : "x86_64";
        String resource = "/jni/libaws-lambda-jni.linux-" + machine + ".so";
        try (InputStream content = AWSLambda.class.getResourceAsStream(resource)) {
            if (content == null) {
                throw new IOException("the runtime interface client has no " + resource);
            }
            Files.copy(content, library);
        }
        StringBuilder path = new StringBuilder(classPath);
        launch.classPath().forEach(entry -> path.append(File.pathSeparator).append(entry));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launch.flags());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + launch.temporary(),
                "-Daws.crt.libc=glibc",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-D" + PROPERTY + "=" + library,
                "-cp",
                path.toString(),
                AWSLambda.class.getName(),
                launch.handler()));
        return command;
    }
}
