package dev.roundtrip.local.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/** AWS's runtime interface client for Java, and how a JVM is started with it as AWS Lambda starts one. */
final class RuntimeClient {
    private static final String PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private final String classPath;

    /** @throws IOException when a part of it has no file of its own */
    RuntimeClient() throws IOException {
        StringBuilder path = new StringBuilder();
        for (Class<?> type :
                List.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class)) {
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(FunctionPackage.codeSource(type));
        }
        this.classPath = path.toString();
    }

    /** The command line. It says no secret: those are in the environment.
     *
     * @param handler {@code class::method}
     * @param temporary the directory that is {@code /tmp} to the process
     * @throws IOException when the client's native library cannot be written there; it would else be shared with every other environment
     */
    List<String> command(String handler, Path temporary) throws IOException {
        Path library = temporary.resolve("libaws-lambda-jni.so");
        String machine = FunctionPackage.architecture().equals("arm64") ? "aarch_64" : "x86_64";
        String resource = "/jni/libaws-lambda-jni.linux-" + machine + ".so";
        try (InputStream content = AWSLambda.class.getResourceAsStream(resource)) {
            if (content == null) {
                throw new IOException("the runtime interface client has no " + resource);
            }
            Files.copy(content, library);
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-Daws.crt.libc=glibc",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-D" + PROPERTY + "=" + library,
                "-cp",
                classPath,
                AWSLambda.class.getName(),
                handler);
    }
}
