package dev.roundtrip.local.lambda;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;

/** A function's deployment package, unzipped.
 *
 * @param root where it was unzipped to, {@code LAMBDA_TASK_ROOT}; its jars are in {@code lib}
 * @param handler {@code class::method}, as the template has it
 * @param nativeLibraries searched for native libraries before the package is: this machine may have other processors
 *     than the package is for
 */
public record FunctionPackage(Path root, String handler, Path nativeLibraries) {
    private static final String HANDLER = "dev.roundtrip.invoke.lambda.StreamHandler::handleRequest";

    private static final String BUILD = "invoke-function/target";

    /** The package that the same build made as this class.
     *
     * @throws IOException when it is not there, or this machine cannot run what AWS Lambda runs
     */
    public static FunctionPackage built() throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IOException("only Linux runs the packaged function; run it in this process instead");
        }
        Path build = repository().resolve(BUILD);
        FunctionPackage built = new FunctionPackage(
                build.resolve("invoke-function"),
                HANDLER,
                build.resolve("crt/native").resolve(architecture()));
        if (!Files.isDirectory(built.root.resolve("lib")) || !Files.isDirectory(built.nativeLibraries)) {
            throw new IOException("the function's package is not at " + built.root + "; build it with: mvn package");
        }
        return built;
    }

    /** Above the build of the module that runs, where this class is in a jar or in a directory. */
    private static Path repository() throws IOException {
        for (Path above = codeSource(FunctionPackage.class); above != null; above = above.getParent()) {
            if (Files.isDirectory(above.resolve("invoke-function"))) {
                return above;
            }
        }
        throw new IOException("the function's package is found from a build of this repository alone");
    }

    /** The processors of this machine, as AWS Lambda names them. */
    static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name.equals("aarch64") ? "arm64" : "x86_64";
    }

    /** The jar or directory that a class was loaded from.
     *
     * @throws IOException when it does not tell
     */
    public static Path codeSource(Class<?> type) throws IOException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null) {
            throw new IOException(type.getName() + " does not tell where it comes from");
        }
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException malformed) {
            throw new IOException(type.getName() + " comes from " + location, malformed);
        }
    }
}
