package dev.roundtrip.invoke.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Makes the handler as AWS Lambda does, in a process that has the deployment package alone. */
final class PackagedFunction {
    /** Before the path of each native library of the CRT that the process has loaded. */
    static final String LOADED = "loaded ";

    private PackagedFunction() {}

    /** @param arguments the handler, {@code class::method} */
    public static void main(String[] arguments) throws Exception {
        String[] handler = arguments[0].split("::", -1);
        Class<?> type = Class.forName(handler[0]);
        if (Arrays.stream(type.getMethods())
                .noneMatch(method -> method.getName().equals(handler[1]))) {
            throw new NoSuchMethodException(arguments[0]);
        }
        try (AutoCloseable function = (AutoCloseable) type.getConstructor().newInstance();
                Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            System.out.println("made " + function);
            mappings.filter(mapping -> mapping.contains("aws-crt-jni"))
                    .map(mapping -> mapping.substring(mapping.indexOf('/')))
                    .distinct()
                    .forEach(path -> System.out.println(LOADED + path));
        }
    }
}
